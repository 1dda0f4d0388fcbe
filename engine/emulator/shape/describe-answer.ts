import type { ObjectShape } from "./object-shape.ts";

const MASTER_RECORD_TYPE = "012000000000000AAA";

/** What the paths inside a describe answer depend on. */
export interface AnswerContext {
  readonly version: string;
  readonly baseUrl: string;
}

/**
 * The describe answer of one object, with all top-level keys in the recorded (alphabetical) order.
 */
export function describeAnswer(
  shape: ObjectShape,
  all: Iterable<ObjectShape>,
  context: AnswerContext,
): Record<string, unknown> {
  const usual: Record<string, unknown> = {
    actionOverrides: [],
    ...Object.fromEntries(FALSE_FLAGS.map((key) => [key, false])),
    ...Object.fromEntries(TRUE_FLAGS.map((key) => [key, true])),
    ...Object.fromEntries(NULLS.map((key) => [key, null])),
    childRelationships: childRelationships(shape, all),
    custom: shape.custom,
    keyPrefix: shape.keyPrefix,
    label: shape.label,
    labelPlural: shape.labelPlural,
    name: shape.name,
    namedLayoutInfos: [],
    recordTypeInfos: recordTypeInfos(shape, context),
    sobjectDescribeOption: "FULL",
    supportedScopes: shape.scopes.map(([name, label]) => ({ label, name })),
    urls: objectUrls(shape, context),
    ...shape.differs,
    fields: shape.fields,
  };
  const keys = Object.keys(usual).sort((a, b) => (a < b ? -1 : 1));
  return Object.fromEntries(keys.map((key) => [key, usual[key]]));
}

/** One entry of the describe global answer: 28 keys. */
export function globalEntry(shape: ObjectShape, context: AnswerContext): Record<string, unknown> {
  const full = describeAnswer(shape, [], context);
  const base = `/services/data/v${context.version}/sobjects/${shape.name}`;
  const urls = { rowTemplate: `${base}/{ID}`, describe: `${base}/describe`, sobject: base };
  return {
    ...Object.fromEntries(GLOBAL_KEYS.map((key) => [key, full[key]])),
    urls: shape.custom ? urls : { compactLayouts: `${base}/describe/compactLayouts`, ...urls },
  };
}

function childRelationships(shape: ObjectShape, all: Iterable<ObjectShape>): unknown[] {
  const found: unknown[] = [];
  for (const child of all) {
    for (const field of child.fields) {
      if (!field.referenceTo.includes(shape.name)) continue;
      found.push({
        cascadeDelete: field.cascadeDelete === true,
        childSObject: child.name,
        deprecatedAndHidden: false,
        field: field.name,
        junctionIdListNames: [],
        junctionReferenceTo: [],
        relationshipName: childRelationshipName(shape, child, field.name),
        restrictedDelete: false,
      });
    }
  }
  return found;
}

/** Only the plain parent link has a well-known name; audit links have none. */
function childRelationshipName(
  parent: ObjectShape,
  child: ObjectShape,
  field: string,
): string | null {
  if (field === `${parent.name}Id`) return child.labelPlural.replaceAll(" ", "");
  if (field === "ParentId" && parent === child) return `Child${child.labelPlural}`;
  if (field.endsWith("__c")) return `${child.labelPlural.replaceAll(/\W/g, "_")}__r`;
  return null;
}

function recordTypeInfos(shape: ObjectShape, { version }: AnswerContext): unknown[] {
  const noDefault = shape.recordTypes.every((type) => !type.isDefault);
  const entries = [
    ...shape.recordTypes.map((type) => ({ ...type, master: false })),
    {
      id: MASTER_RECORD_TYPE,
      name: "Master",
      developerName: "Master",
      isDefault: noDefault,
      master: true,
    },
  ];
  return entries.map((type) => ({
    active: true,
    available: true,
    defaultRecordTypeMapping: type.isDefault,
    developerName: type.developerName,
    master: type.master,
    name: type.name,
    recordTypeId: type.id,
    urls: {
      layout: `/services/data/v${version}/sobjects/${shape.name}/describe/layouts/${type.id}`,
    },
  }));
}

function objectUrls(shape: ObjectShape, context: AnswerContext): Record<string, string> {
  const base = `/services/data/v${context.version}/sobjects/${shape.name}`;
  return {
    compactLayouts: `${base}/describe/compactLayouts`,
    rowTemplate: `${base}/{ID}`,
    approvalLayouts: `${base}/describe/approvalLayouts`,
    uiDetailTemplate: `${context.baseUrl}/{ID}`,
    uiEditTemplate: `${context.baseUrl}/{ID}/e`,
    listviews: `${base}/listviews`,
    describe: `${base}/describe`,
    uiNewRecord: `${context.baseUrl}/${shape.keyPrefix}/e`,
    quickActions: `${base}/quickActions`,
    layouts: `${base}/describe/layouts`,
    sobject: base,
  };
}

const FALSE_FLAGS = [
  "activateable",
  "customSetting",
  "deepCloneable",
  "deprecatedAndHidden",
  "hasSubtypes",
  "isInterface",
  "isSubtype",
];
const TRUE_FLAGS = [
  "compactLayoutable",
  "createable",
  "deletable",
  "feedEnabled",
  "layoutable",
  "mergeable",
  "mruEnabled",
  "queryable",
  "replicateable",
  "retrieveable",
  "searchLayoutable",
  "searchable",
  "triggerable",
  "undeletable",
  "updateable",
];
const NULLS = [
  "associateEntityType",
  "associateParentEntity",
  "defaultImplementation",
  "extendedBy",
  "extendsInterfaces",
  "implementedBy",
  "implementsInterfaces",
  "listviewable",
  "lookupLayoutable",
  "networkScopeFieldName",
];
const GLOBAL_KEYS = [
  "activateable",
  "associateEntityType",
  "associateParentEntity",
  "createable",
  "custom",
  "customSetting",
  "deepCloneable",
  "deletable",
  "deprecatedAndHidden",
  "feedEnabled",
  "hasSubtypes",
  "isInterface",
  "isSubtype",
  "keyPrefix",
  "label",
  "labelPlural",
  "layoutable",
  "mergeable",
  "mruEnabled",
  "name",
  "queryable",
  "replicateable",
  "retrieveable",
  "searchable",
  "triggerable",
  "undeletable",
  "updateable",
];
