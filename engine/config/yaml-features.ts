import {
  type Document,
  isAlias,
  isCollection,
  isNode,
  isScalar,
  type Node,
  type ParsedNode,
  visit,
} from "yaml";
import { type Diagnostic, errorDiagnostic } from "../base/diagnostic.ts";
import { type FileLines, positionAt, scalarText } from "./index-nodes.ts";

interface FoundFeature {
  readonly offset: number;
  readonly detail: string;
  readonly hint: string;
}

/** The features of YAML that are refused because they hide what a spec says: anchors, aliases, merge
 *  keys, tags, and keys that are no texts. */
export function findYamlFeatures(
  document: Document.Parsed<ParsedNode>,
  text: string,
  file: FileLines,
): Diagnostic[] {
  const found: FoundFeature[] = [];
  visit(document, {
    Node(_key, node) {
      const feature = isNode(node) ? featureOf(node, text) : null;
      if (feature !== null) found.push(feature);
    },
    Pair(_key, { key }) {
      const feature = isNode(key) ? featureOfKey(key) : null;
      if (feature !== null) found.push(feature);
    },
  });
  return found.map(({ offset, detail, hint }) =>
    errorDiagnostic("CONFIG_YAML_FEATURE", { detail, hint, at: positionAt(offset, file) }),
  );
}

function featureOf(node: Node, text: string): FoundFeature | null {
  const offset = node.range?.[0] ?? 0;
  if (isAlias(node)) {
    const isCron = /^\*(\/| )/.test(text.slice(offset, offset + 2));
    return {
      offset,
      detail:
        "YAML takes a * at the start of a value for an alias, that is a copy of something elsewhere; aliases are refused.",
      hint: isCron
        ? 'Put the pattern in quotes, as in cron: "*/15 * * * *".'
        : "Write the value out, or put a text that begins with * in quotes.",
    };
  }
  if ((isScalar(node) || isCollection(node)) && node.anchor !== undefined) {
    return {
      offset: Math.max(text.lastIndexOf(`&${node.anchor}`, offset), 0),
      detail:
        "YAML takes a & at the start of a value for an anchor, the name of something to be copied elsewhere. Anchors are refused, so that a spec says everything where it is used.",
      hint: "Remove the anchor, and write the value out where it is needed; a text that begins with & goes in quotes.",
    };
  }
  const tagOffset = node.tag === undefined ? -1 : offsetOfTag(text, offset);
  if (tagOffset < 0) return null;
  return {
    offset: tagOffset,
    detail:
      "A tag (a word that begins with !) tells YAML of which kind a value is. Tags are refused: the key decides that.",
    hint: "Remove the tag; a text that begins with ! goes in quotes.",
  };
}

function featureOfKey(key: Node): FoundFeature | null {
  const offset = key.range?.[0] ?? 0;
  if (isScalar(key) && key.type === "PLAIN" && scalarText(key) === "<<") {
    return {
      offset,
      detail:
        "The merge key << copies another mapping into this one. It is refused, so that a spec says everything where it is used.",
      hint: "Write the keys out.",
    };
  }
  if (isScalar(key) || isAlias(key)) return null;
  return {
    offset,
    detail: "A list or mapping is used as a key here. Keys are texts.",
    hint: "A reference such as ${env:X}, or a text that begins with { or [, goes in quotes.",
  };
}

/** Where the tag of a node stands: the parser gives every collection one, and only one that is in the
 *  text was the user's. */
function offsetOfTag(text: string, offset: number): number {
  const from = Math.max(0, offset - TAG_LENGTH_MAX);
  const tag = /(?:^|[\s,:[{-])(!\S*)\s+(?:&\S+\s+)?$/.exec(text.slice(from, offset));
  if (tag !== null) return from + tag.index + tag[0].indexOf("!");
  return text[offset] === "!" ? offset : -1;
}

const TAG_LENGTH_MAX = 200;
