import type { CompactObject } from "../shape/compact.ts";

/**
 * CampaignMember, put together from the Object Reference (v67): lengths and labels are assumptions.
 */
export const campaignMember: CompactObject = {
  name: "CampaignMember",
  label: "Campaign Member",
  labelPlural: "Campaign Members",
  keyPrefix: "00v",
  differs: { feedEnabled: false, mergeable: false, undeletable: false },
  scopes: [["everything", "All campaign members"]],
  fields: `
Id | id |  | Campaign Member ID
IsDeleted | boolean | readonly | Deleted
CampaignId | reference | createonly required prefilter | Campaign ID | to=Campaign as=Campaign
LeadId | reference | createonly prefilter | Lead ID | to=Lead as=Lead
ContactId | reference | createonly prefilter | Contact ID | to=Contact as=Contact
Status | picklist 40 | fixed | Status | values=Sent*; Responded
HasResponded | boolean | readonly | Responded
CreatedDate | datetime | system | Created Date
CreatedById | reference | system | Created By ID | to=User as=CreatedBy
LastModifiedDate | datetime | system | Last Modified Date
LastModifiedById | reference | system | Last Modified By ID | to=User as=LastModifiedBy
SystemModstamp | datetime | system | System Modstamp
FirstRespondedDate | date | readonly | First Responded Date
Salutation | picklist 40 | readonly fixed | Salutation | values=Mr.; Ms.; Mrs.; Dr.; Prof.; Mx.
Name | string 121 | readonly fixed namefield | Name
FirstName | string 40 | readonly fixed | First Name
LastName | string 80 | readonly fixed | Last Name
Title | string 128 | readonly | Title
Street | string 255 | readonly | Street
City | string 40 | readonly | City
State | string 80 | readonly | State/Province
PostalCode | string 20 | readonly | Zip/Postal Code
Country | string 80 | readonly | Country
Email | email | readonly | Email
Phone | phone | readonly | Phone
Fax | phone | readonly | Fax
MobilePhone | phone | readonly | Mobile
Description | textarea 32000 | readonly | Description | info=none
DoNotCall | boolean | readonly | Do Not Call
HasOptedOutOfEmail | boolean | readonly | Email Opt Out
HasOptedOutOfFax | boolean | readonly | Fax Opt Out
LeadSource | picklist | readonly | Lead Source | values=Web; Phone Inquiry; Partner Referral
  ; Purchased List; Other
CompanyOrAccount | string 255 | readonly fixed | Company (Account)
Type | string 40 | readonly fixed | Type
LeadOrContactId | reference | readonly prefilter unpointed | Related Record ID | to=Contact,Lead as=LeadOrContact
LeadOrContactOwnerId | reference | readonly fixed | Related Record Owner ID | to=Group,User as=LeadOrContactOwner
`,
};
