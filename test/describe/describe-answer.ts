/** A describe answer as REST gives it, cut down to some of its keys. Names, types and flags are those
 *  of a real Contact. */
export function contactAnswer(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: "Contact",
    label: "Contact",
    keyPrefix: "003",
    createable: true,
    updateable: true,
    deletable: true,
    childRelationships: [],
    recordTypeInfos: [
      {
        active: true,
        available: true,
        developerName: "Master",
        name: "Master",
        master: true,
        recordTypeId: "012000000000000AAA",
      },
      { active: true, available: true, name: "Nameless", recordTypeId: "012000000000001AAA" },
    ],
    fields: [
      fieldAnswer("Id", {
        type: "id",
        soapType: "tns:ID",
        length: 18,
        idLookup: true,
        createable: false,
        updateable: false,
        nillable: false,
      }),
      fieldAnswer("LastName", {
        label: "Last Name",
        length: 80,
        nillable: false,
        compoundFieldName: "Name",
      }),
      fieldAnswer("Email", { type: "email", length: 80, idLookup: true }),
      fieldAnswer("AccountId", {
        type: "reference",
        soapType: "tns:ID",
        length: 18,
        referenceTo: ["Account"],
        relationshipName: "Account",
      }),
      fieldAnswer("OwnerId", {
        type: "reference",
        referenceTo: ["Group", "User"],
        relationshipName: "Owner",
        polymorphicForeignKey: true,
      }),
      fieldAnswer("Salutation", {
        type: "picklist",
        length: 40,
        picklistValues: [
          { active: true, defaultValue: false, label: "Mr.", validFor: null, value: "Mr." },
          { active: false, defaultValue: false, label: "Ms.", validFor: null, value: "Ms." },
        ],
      }),
    ],
    ...more,
  };
}

export function fieldAnswer(
  name: string,
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    name,
    label: name,
    type: "string",
    soapType: "xsd:string",
    length: 40,
    digits: 0,
    precision: 0,
    scale: 0,
    createable: true,
    updateable: true,
    nillable: true,
    defaultedOnCreate: false,
    calculated: false,
    autoNumber: false,
    externalId: false,
    idLookup: false,
    unique: false,
    caseSensitive: false,
    restrictedPicklist: false,
    picklistValues: [],
    referenceTo: [],
    relationshipName: null,
    polymorphicForeignKey: false,
    compoundFieldName: null,
    ...more,
  };
}
