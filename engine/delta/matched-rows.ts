/** Which row of the source was found to be which fingerprint, in runs of neighbours: a source that comes
 *  in the order of the last run is one run. */
export interface MatchedRows {
  /** Both grow from call to call. */
  add(place: number, ordinal: number): void;
  /** Gives the function that finds the row of a fingerprint (-1: none); it must be asked for places in
   *  their order. */
  walk(): (place: number) => number;
}

export function newMatchedRows(): MatchedRows {
  let room = 64;
  let places = new Uint32Array(room);
  let ordinals = new Uint32Array(room);
  let lengths = new Uint32Array(room);
  let count = 0;
  let nextPlace = -1;
  let nextOrdinal = -1;
  const grow = () => {
    room *= 2;
    [places, ordinals, lengths] = [places, ordinals, lengths].map((before) => {
      const larger = new Uint32Array(room);
      larger.set(before);
      return larger;
    }) as [typeof places, typeof ordinals, typeof lengths];
  };
  return {
    add(place, ordinal) {
      if (place === nextPlace && ordinal === nextOrdinal) {
        lengths[count - 1] = (lengths[count - 1] as number) + 1;
      } else {
        if (count === room) grow();
        places[count] = place;
        ordinals[count] = ordinal;
        lengths[count++] = 1;
      }
      nextPlace = place + 1;
      nextOrdinal = ordinal + 1;
    },
    walk() {
      let run = 0;
      return (place) => {
        while (run < count && place >= (places[run] as number) + (lengths[run] as number)) run++;
        if (run === count) return -1;
        const into = place - (places[run] as number);
        return into < 0 ? -1 : (ordinals[run] as number) + into;
      };
    },
  };
}
