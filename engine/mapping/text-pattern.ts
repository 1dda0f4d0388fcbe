import { PatternError, type PatternNode, type Place, parsePattern } from "./pattern-tree.ts";

/** Compiles a regular expression to a test that takes time proportional to the text, whatever the
 *  pattern: all ways to match are followed side by side (Thompson's construction) instead of one after
 *  the other. JavaScript's own can take exponential time, and a row must not be able to stop a run.
 *  Throws a PatternError for what it does not know. */
export function compilePattern(pattern: string): (text: string) => boolean {
  if (pattern.length > PATTERN_MAX) {
    throw new PatternError(`The pattern is longer than ${PATTERN_MAX} characters.`);
  }
  const { root, flags } = parsePattern(pattern);
  const states: State[] = [];
  const start = addNode(states, root, { flags, next: addState(states, { kind: "matched" }) });
  return (text) => matches(states, start, text);
}

const PATTERN_MAX = 500;
const STATES_MAX = 1000;

/** A step of the machine: what must come next, and where it leads. */
type State =
  | { readonly kind: "matched" }
  | { readonly kind: "character"; readonly test: CharacterTest; readonly next: number }
  | { readonly kind: "place"; readonly place: Place; readonly next: number }
  | { readonly kind: "fork"; next: number; other: number };

type CharacterTest = (code: number) => boolean;

function addState(states: State[], state: State): number {
  if (states.length >= STATES_MAX) throw new PatternError("The pattern repeats too much.");
  return states.push(state) - 1;
}

interface Continuation {
  readonly flags: string;
  readonly next: number;
}

/** Adds the states of a node that go on at `next`, and gives the first of them. */
function addNode(states: State[], node: PatternNode, { flags, next }: Continuation): number {
  switch (node.kind) {
    case "character":
      return addState(states, { kind: "character", test: characterTest(node.source, flags), next });
    case "place":
      return addState(states, { kind: "place", place: node.place, next });
    case "sequence":
      return node.parts.reduceRight(
        (after, part) => addNode(states, part, { flags, next: after }),
        next,
      );
    case "choice":
      return node.parts
        .map((part) => addNode(states, part, { flags, next }))
        .reduceRight((other, one) => addState(states, { kind: "fork", next: one, other }));
    case "repeat":
      return addRepeat(states, node, { flags, next });
  }
}

function addRepeat(
  states: State[],
  { part, min, max }: PatternNode & { readonly kind: "repeat" },
  { flags, next }: Continuation,
): number {
  let first = next;
  if (max === Number.POSITIVE_INFINITY) {
    const loop: State = { kind: "fork", next, other: next };
    first = addState(states, loop);
    loop.next = addNode(states, part, { flags, next: first });
  } else {
    for (let i = min; i < max; i++) {
      const again = addNode(states, part, { flags, next: first });
      first = addState(states, { kind: "fork", next: again, other: next });
    }
  }
  for (let i = 0; i < min; i++) first = addNode(states, part, { flags, next: first });
  return first;
}

/** JavaScript decides about single characters; for ASCII it is asked once. */
function characterTest(source: string, flags: string): CharacterTest {
  let expression: RegExp;
  try {
    expression = new RegExp(`^${source}$`, flags);
  } catch {
    throw new PatternError(`${source} is no character or class of characters.`);
  }
  const ascii = Uint8Array.from({ length: 128 }, (_, code) =>
    expression.test(String.fromCharCode(code)) ? 1 : 0,
  );
  return (code) => (code < 128 ? ascii[code] === 1 : expression.test(String.fromCodePoint(code)));
}

function matches(states: readonly State[], start: number, text: string): boolean {
  // The place at which each state was entered last: a state is entered once for each place.
  const entered = new Int32Array(states.length).fill(-1);
  let current: number[] = [];
  for (let at = 0; ; ) {
    const waiting: number[] = [];
    // A match can start anywhere, so the first state is entered at every place.
    for (const state of [...current, start]) {
      if (enter(states, state, { text, at, entered, waiting })) return true;
    }
    const code = text.codePointAt(at);
    if (code === undefined) return false;
    current = [];
    for (const place of waiting) {
      const state = states[place];
      if (state?.kind === "character" && state.test(code)) current.push(state.next);
    }
    at += code > 0xffff ? 2 : 1;
  }
}

interface Entering {
  readonly text: string;
  readonly at: number;
  readonly entered: Int32Array;
  /** States that wait for a character. */
  readonly waiting: number[];
}

/** Follows a state to all that can be reached without a character; true when that is the end. */
function enter(
  states: readonly State[],
  first: number,
  { text, at, entered, waiting }: Entering,
): boolean {
  const open = [first];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    if (entered[place] === at) continue;
    entered[place] = at;
    const state = states[place];
    switch (state?.kind) {
      case "matched":
        return true;
      case "character":
        waiting.push(place);
        break;
      case "fork":
        open.push(state.other, state.next);
        break;
      case "place":
        if (isAt(state.place, text, at)) open.push(state.next);
        break;
    }
  }
  return false;
}

function isAt(place: Place, text: string, at: number): boolean {
  switch (place) {
    case "start":
      return at === 0;
    case "end":
      return at === text.length;
    case "wordEdge":
      return isWord(text, at - 1) !== isWord(text, at);
    case "noWordEdge":
      return isWord(text, at - 1) === isWord(text, at);
  }
}

function isWord(text: string, at: number): boolean {
  return /\w/.test(text.charAt(at));
}
