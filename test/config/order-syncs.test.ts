import { describe, expect, test } from "vitest";
import { orderSyncs } from "../../engine/config/order-syncs.ts";
import type { SyncSpec } from "../../engine/config/sync-spec.ts";

/** Only what ordering looks at. */
function sync(name: string, ...dependsOn: string[]): SyncSpec {
  return { name, dependsOn, positions: {} } as unknown as SyncSpec;
}

// The syncs, the order that comes out, and the details of what is told.
const rows = [
  { what: "nothing to order", syncs: [sync("b"), sync("a")], order: "b a", told: [] },
  {
    what: "one behind the other",
    syncs: [sync("a", "b"), sync("b", "c"), sync("c")],
    order: "c b a",
    told: [],
  },
  {
    what: "a diamond",
    syncs: [sync("d", "b", "c"), sync("b", "a"), sync("c", "a"), sync("a")],
    order: "a b c d",
    told: [],
  },
  { what: "itself", syncs: [sync("a", "a")], order: "a", told: ["a depends on itself."] },
  {
    what: "a circle is told once",
    syncs: [sync("a", "b"), sync("b", "c"), sync("c", "a"), sync("d", "a")],
    order: "c b a d",
    told: ["Each waits for the next: a -> b -> c -> a."],
  },
  {
    what: "two circles",
    syncs: [sync("a", "b"), sync("b", "a"), sync("c", "d"), sync("d", "c")],
    order: "b a d c",
    told: ["Each waits for the next: a -> b -> a.", "Each waits for the next: c -> d -> c."],
  },
  {
    what: "an unknown name",
    syncs: [sync("a", "x")],
    order: "a",
    told: ['a depends on "x", and no sync of the project has that name.'],
  },
] as const;

describe("order of syncs", () => {
  for (const { what, syncs, order, told } of rows) {
    test(what, () => {
      const { ordered, diagnostics } = orderSyncs(syncs);
      expect(ordered.map(({ name }) => name).join(" ")).toBe(order);
      expect(diagnostics.map(({ detail }) => detail)).toEqual(told);
    });
  }

  test("names that are known otherwise are no mistakes", () => {
    expect(orderSyncs([sync("a", "x")], { alsoKnown: ["x"] }).diagnostics).toEqual([]);
    expect(orderSyncs([sync("a", "x")], { alsoKnown: "any" }).diagnostics).toEqual([]);
  });
});
