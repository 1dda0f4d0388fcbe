import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";

type Schema = { readonly [key: string]: unknown };

/** Every schema inside a schema, with its JSON pointer. */
function* partsOf(schema: Schema, pointer = ""): Generator<readonly [string, Schema]> {
  yield [pointer, schema];
  for (const key of ["properties", "definitions"]) {
    for (const [name, part] of Object.entries((schema[key] ?? {}) as Record<string, Schema>)) {
      yield* partsOf(part, `${pointer}/${key}/${name}`);
    }
  }
  for (const key of ["items", "additionalProperties"]) {
    const part = schema[key];
    if (typeof part === "object" && part !== null)
      yield* partsOf(part as Schema, `${pointer}/${key}`);
  }
}

for (const name of ["sync.config.schema.json", "sync.schema.json"]) {
  const text = readFileSync(new URL(`../../schemas/${name}`, import.meta.url), "utf8");
  const schema = JSON.parse(text) as Schema;
  const parts = [...partsOf(schema)];

  describe(name, () => {
    test("is a schema of draft-07", () => {
      const ajv = new Ajv({ strict: false });
      expect(ajv.validateSchema(schema), ajv.errorsText()).toBe(true);
    });

    test("describes every property", () => {
      const silent = parts.filter(
        ([pointer, part]) =>
          /\/(properties|definitions)\/[^/]+$/.test(pointer) && !part.description && !part.$ref,
      );
      expect(silent.map(([pointer]) => pointer)).toEqual([]);
    });

    test("lets no mapping have unknown keys", () => {
      const open = parts.filter(([, p]) => p.properties && p.additionalProperties !== false);
      expect(open.map(([pointer]) => pointer)).toEqual([]);
    });

    test("has only examples and defaults that it accepts itself", () => {
      const ajv = new Ajv({ strict: false });
      for (const [pointer, part] of parts) {
        const given = [...((part.examples ?? []) as unknown[]), part.default];
        for (const value of given.filter((v) => v !== undefined)) {
          const { $id: _, ...rest } = part;
          const validate = ajv.compile({ ...rest, definitions: schema.definitions } as object);
          expect(validate(value), `${pointer}: ${JSON.stringify(value)}`).toBe(true);
        }
      }
    });

    test("says the default in words where it has one", () => {
      const silent = parts.filter(
        ([, part]) => part.default !== undefined && !/Default: /.test(String(part.description)),
      );
      expect(silent.map(([pointer]) => pointer)).toEqual([]);
    });
  });
}
