import { account } from "../objects/account.ts";
import { campaign } from "../objects/campaign.ts";
import { campaignMember } from "../objects/campaign-member.ts";
import { contact } from "../objects/contact.ts";
import { lead } from "../objects/lead.ts";
import { organization, recordType, user } from "../objects/set-up.ts";
import { applyYaml } from "./custom.ts";
import { type ObjectShape, shapeFromCompact } from "./object-shape.ts";
import { OrgShapeError, readOrgYaml, type YamlObject } from "./org-yaml.ts";
import { readSavedDescribes } from "./saved-describe.ts";

/** All objects of the org, found by name without regard to case. */
export interface OrgShape {
  readonly objects: readonly ObjectShape[];
  find(name: string): ObjectShape | undefined;
  /** The objects that have this key prefix: one, but for a clash in somebody's YAML. */
  findByPrefix(keyPrefix: string): ObjectShape | undefined;
}

/**
 * Standard objects, replaced by saved describe answers where there are some, extended by YAML.
 * Takes files; gives plain data; never touches the database.
 */
export function loadOrgShape(sources: {
  readonly orgShapeFiles: readonly string[];
  readonly fromDescribeDir: string | null;
}): OrgShape {
  const standard = [account, contact, lead, campaign, campaignMember, user, organization];
  const byName = new Map<string, ObjectShape>();
  const put = (shape: ObjectShape): void => {
    byName.set(shape.name.toLowerCase(), shape);
  };
  for (const compact of [...standard, recordType]) put(shapeFromCompact(compact));
  if (sources.fromDescribeDir !== null) {
    for (const shape of readSavedDescribes(sources.fromDescribeDir)) put(shape);
  }
  for (const file of sources.orgShapeFiles) {
    for (const yaml of readOrgYaml(file)) {
      put(applyFromFile(file, yaml, byName.get(yaml.name.toLowerCase())));
    }
  }
  const objects = [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const byPrefix = new Map(objects.map((shape) => [shape.keyPrefix, shape]));
  return {
    objects,
    find: (name) => byName.get(name.toLowerCase()),
    findByPrefix: (keyPrefix) => byPrefix.get(keyPrefix),
  };
}

function applyFromFile(file: string, yaml: YamlObject, base: ObjectShape | undefined): ObjectShape {
  try {
    return applyYaml(yaml, base);
  } catch (error) {
    if (error instanceof OrgShapeError) throw new OrgShapeError(`${file}: ${error.message}`);
    throw error;
  }
}
