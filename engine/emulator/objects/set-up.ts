import type { CompactObject } from "../shape/compact.ts";

/**
 * The objects that clients look at to learn who and where they are. Short forms: the usual fields
 * only.
 */
export const user: CompactObject = {
  name: "User",
  label: "User",
  labelPlural: "Users",
  keyPrefix: "005",
  differs: { deletable: false, mergeable: false, undeletable: false },
  scopes: [["everything", "All users"]],
  fields: `
Id | id |  | User ID
Username | string 80 | required fixed lookup unique | Username
LastName | string 80 | required fixed | Last Name | in=Name
FirstName | string 40 | fixed | First Name | in=Name
Name | string 121 | readonly required fixed namefield | Full Name
CompanyName | string 80 |  | Company Name
Email | email 128 | required fixed lookup | Email
Alias | string 8 | required fixed | Alias
IsActive | boolean | secured | Active
TimeZoneSidKey | string 40 | required fixed | Time Zone
LocaleSidKey | string 40 | required fixed | Locale
LanguageLocaleKey | string 40 | required fixed | Language
UserType | string 40 | readonly fixed | User Type
ProfileId | reference | fixed | Profile ID | to=Profile as=Profile
CreatedDate | datetime | system | Created Date
CreatedById | reference | system | Created By ID | to=User as=CreatedBy
LastModifiedDate | datetime | system | Last Modified Date
LastModifiedById | reference | system | Last Modified By ID | to=User as=LastModifiedBy
SystemModstamp | datetime | system | System Modstamp
`,
};

export const organization: CompactObject = {
  name: "Organization",
  label: "Organization",
  labelPlural: "Organizations",
  keyPrefix: "00D",
  differs: { createable: false, deletable: false, mergeable: false, undeletable: false },
  scopes: [["everything", "All organizations"]],
  fields: `
Id | id |  | Organization ID
Name | string 80 | readonly required fixed namefield | Name
IsSandbox | boolean | readonly | Is Sandbox
OrganizationType | string 40 | readonly fixed | Edition
InstanceName | string 5 | readonly fixed | Instance Name
NamespacePrefix | string 15 | readonly fixed | Namespace Prefix
TrialExpirationDate | datetime | readonly fixed | Trial Expiration Date
CreatedDate | datetime | system | Created Date
SystemModstamp | datetime | system | System Modstamp
`,
};

export const recordType: CompactObject = {
  name: "RecordType",
  label: "Record Type",
  labelPlural: "Record Types",
  keyPrefix: "012",
  differs: { createable: false, deletable: false, mergeable: false, undeletable: false },
  scopes: [["everything", "All record types"]],
  fields: `
Id | id |  | Record Type ID
Name | string 80 | readonly required fixed namefield | Name
DeveloperName | string 80 | readonly required fixed | Record Type Name
SobjectType | string 40 | readonly required fixed | Object Type Name
IsActive | boolean | readonly | Active
SystemModstamp | datetime | system | System Modstamp
`,
};
