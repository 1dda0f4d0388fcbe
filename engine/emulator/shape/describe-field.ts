/**
 * The types that an sObject field can have in a describe answer, as far as the local org knows
 * them.
 */
export const FIELD_TYPES = [
  "id",
  "string",
  "textarea",
  "picklist",
  "multipicklist",
  "boolean",
  "double",
  "currency",
  "percent",
  "int",
  "date",
  "datetime",
  "time",
  "email",
  "phone",
  "url",
  "reference",
  "address",
] as const;

export type FieldType = (typeof FIELD_TYPES)[number];

/** One picklist entry, keys in the order that Salesforce writes them. */
export interface PicklistValue {
  readonly active: boolean;
  readonly defaultValue: boolean;
  readonly label: string;
  readonly validFor: string | null;
  readonly value: string;
}

/**
 * One field of a describe answer. The key order of {@link makeField} is the recorded one, because
 * the object is serialised as it stands. Keys that the emulator never looks at are `unknown`.
 */
export interface DescribeField {
  readonly aggregatable: boolean;
  readonly autoNumber: boolean;
  readonly byteLength: number;
  readonly calculated: boolean;
  readonly caseSensitive: boolean;
  readonly compoundFieldName: string | null;
  readonly createable: boolean;
  readonly custom: boolean;
  readonly defaultValue: unknown;
  readonly defaultedOnCreate: boolean;
  readonly digits: number;
  readonly externalId: boolean;
  readonly filterable: boolean;
  readonly groupable: boolean;
  readonly idLookup: boolean;
  readonly label: string;
  readonly length: number;
  readonly name: string;
  readonly nameField: boolean;
  readonly nillable: boolean;
  readonly permissionable: boolean;
  readonly picklistValues: readonly PicklistValue[];
  readonly polymorphicForeignKey: boolean;
  readonly precision: number;
  readonly referenceTo: readonly string[];
  readonly relationshipName: string | null;
  readonly restrictedPicklist: boolean;
  readonly scale: number;
  readonly soapType: string;
  readonly sortable: boolean;
  readonly type: FieldType;
  readonly unique: boolean;
  readonly updateable: boolean;
  readonly [key: string]: unknown;
}

/** What {@link makeField} needs at least; everything else follows from the type. */
export type FieldSpec = Partial<DescribeField> & {
  readonly name: string;
  readonly type: FieldType;
  readonly label: string;
};

/** Builds a describe field with all 57 keys of API v59 and later. */
export function makeField(spec: FieldSpec): DescribeField {
  const { type } = spec;
  const length = spec.length ?? LENGTHS[type] ?? 0;
  const plain = type !== "address";
  const toText = TEXT_TYPES.has(type);
  const polymorphic = (spec.referenceTo?.length ?? 0) > 1;
  const wide = type === "textarea" && length > 255;
  const field: DescribeField = {
    aggregatable: plain && type !== "boolean" && !wide,
    aiPredictionField: false,
    autoNumber: false,
    byteLength: toText ? length * 3 : length,
    calculated: false,
    calculatedFormula: null,
    cascadeDelete: false,
    caseSensitive: false,
    compoundFieldName: null,
    controllerName: null,
    createable: plain && type !== "id",
    custom: false,
    defaultValue: type === "boolean" ? false : null,
    defaultValueFormula: null,
    defaultedOnCreate: type === "boolean" || type === "id",
    dependentPicklist: false,
    deprecatedAndHidden: false,
    digits: type === "int" ? 9 : 0,
    displayLocationInDecimal: false,
    encrypted: false,
    externalId: false,
    extraTypeInfo: type === "textarea" ? "plaintextarea" : null,
    filterable: !wide,
    filteredLookupInfo: null,
    formulaTreatNullNumberAsZero: false,
    groupable: !UNGROUPABLE.has(type) && !wide,
    highScaleNumber: false,
    htmlFormatted: false,
    idLookup: type === "id" || spec.externalId === true,
    inlineHelpText: null,
    label: spec.label,
    length,
    mask: null,
    maskType: null,
    name: spec.name,
    nameField: false,
    namePointing: polymorphic,
    nillable: type !== "boolean" && type !== "id",
    permissionable: type !== "id" && type !== "boolean",
    picklistValues: [],
    polymorphicForeignKey: polymorphic,
    precision: NUMBERS.has(type) ? 18 : 0,
    queryByDistance: type === "address",
    referenceTargetField: null,
    referenceTo: [],
    relationshipName: null,
    relationshipOrder: null,
    restrictedDelete: false,
    restrictedPicklist: false,
    scale: 0,
    searchPrefilterable: false,
    soapType: SOAP_TYPES[type],
    sortable: plain && !wide,
    type,
    unique: false,
    updateable: plain && type !== "id",
    writeRequiresMasterRead: false,
  };
  return { ...field, ...spec };
}

/** The XML schema type of each field type; row errors print it. */
const SOAP_TYPES: Readonly<Record<FieldType, string>> = {
  id: "tns:ID",
  string: "xsd:string",
  textarea: "xsd:string",
  picklist: "xsd:string",
  multipicklist: "xsd:string",
  boolean: "xsd:boolean",
  double: "xsd:double",
  currency: "xsd:double",
  percent: "xsd:double",
  int: "xsd:int",
  date: "xsd:date",
  datetime: "xsd:dateTime",
  time: "xsd:time",
  email: "xsd:string",
  phone: "xsd:string",
  url: "xsd:string",
  reference: "tns:ID",
  address: "urn:address",
};

const LENGTHS: Partial<Record<FieldType, number>> = {
  id: 18,
  reference: 18,
  picklist: 255,
  multipicklist: 4099,
  textarea: 255,
  email: 80,
  phone: 40,
  url: 255,
};

const TEXT_TYPES: ReadonlySet<FieldType> = new Set<FieldType>([
  "string",
  "textarea",
  "picklist",
  "multipicklist",
  "email",
  "phone",
  "url",
]);
const NUMBERS: ReadonlySet<FieldType> = new Set<FieldType>(["double", "currency", "percent"]);
const UNGROUPABLE: ReadonlySet<FieldType> = new Set<FieldType>([
  "double",
  "currency",
  "percent",
  "datetime",
  "time",
  "address",
  "multipicklist",
]);
