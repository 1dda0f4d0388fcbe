/** What the engine needs of an sObject's describe answer. Plain data. */
export interface ObjectShape {
  /** Canonical API name. */
  readonly name: string;
  readonly label: string;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly deletable: boolean;
  readonly keyPrefix: string | null;
  readonly fields: readonly FieldShape[];
  readonly recordTypes: readonly RecordTypeShape[];
}

export interface FieldShape {
  /** Canonical API name. */
  readonly name: string;
  readonly label: string;
  /** Salesforce's type: string, textarea, picklist, multipicklist, email, phone, url, double,
   *  currency, percent, int, long, boolean, date, datetime, time, reference, id, ... */
  readonly type: string;
  /** Such as xsd:double: what row errors print. */
  readonly soapType: string;
  /** Characters for text; 0 where the type has none. */
  readonly length: number;
  readonly digits: number;
  readonly precision: number;
  readonly scale: number;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly nillable: boolean;
  readonly defaultedOnCreate: boolean;
  readonly calculated: boolean;
  readonly autoNumber: boolean;
  readonly externalId: boolean;
  readonly idLookup: boolean;
  readonly unique: boolean;
  readonly caseSensitive: boolean;
  readonly restrictedPicklist: boolean;
  readonly picklistValues: readonly { readonly value: string; readonly active: boolean }[];
  readonly referenceTo: readonly string[];
  readonly relationshipName: string | null;
  readonly polymorphic: boolean;
  /** Set for the parts of an address or a name. */
  readonly compoundFieldName: string | null;
}

export interface RecordTypeShape {
  readonly developerName: string;
  readonly id: string;
  readonly active: boolean;
  /** Available to the connected user. */
  readonly available: boolean;
}

/** Field names match without regard to case, as Salesforce matches them. */
export function findField(shape: ObjectShape, name: string): FieldShape | null {
  const wanted = name.toLowerCase();
  return shape.fields.find((field) => field.name.toLowerCase() === wanted) ?? null;
}
