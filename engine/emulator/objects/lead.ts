import type { CompactObject } from "../shape/compact.ts";

/** Lead as API v59 describes it. */
export const lead: CompactObject = {
  name: "Lead",
  label: "Lead",
  labelPlural: "Leads",
  keyPrefix: "00Q",
  scopes: [
    ["everything", "All leads"],
    ["mine", "My leads"],
    ["queue_owned", "Queue owned leads"],
    ["scopingRule", "Filter by scope"],
    ["team", "My team's leads"],
    ["user_owned", "User owned leads"],
  ],
  fields: `
Id | id |  | Lead ID
IsDeleted | boolean | readonly | Deleted
MasterRecordId | reference | readonly fixed | Master Record ID | to=Lead as=MasterRecord
LastName | string 80 | required fixed | Last Name | in=Name info=personname
FirstName | string 40 | fixed | First Name | in=Name info=personname
Salutation | picklist 40 | fixed | Salutation | in=Name info=personname values=Mr.; Ms.
  ; Mrs.; Dr.; Prof.; Mx.
Name | string 121 | readonly required fixed namefield | Full Name | info=personname
Title | string 128 |  | Title
Company | string 255 | required fixed | Company
Street | textarea |  | Street | in=Address
City | string 40 |  | City | in=Address
State | string 80 |  | State/Province | in=Address
PostalCode | string 20 |  | Zip/Postal Code | in=Address
Country | string 80 |  | Country | in=Address
Latitude | double |  | Latitude | in=Address scale=15
Longitude | double |  | Longitude | in=Address scale=15
GeocodeAccuracy | picklist 40 | restricted | Geocode Accuracy | in=Address values=Address
  ; NearAddress; Block; Street; ExtendedZip; Zip; Neighborhood; City; County; State; Unknown
Address | address |  | Address
Phone | phone |  | Phone
MobilePhone | phone |  | Mobile Phone
Fax | phone |  | Fax
Email | email | lookup | Email
Website | url |  | Website
PhotoUrl | url | readonly fixed | Photo URL | info=imageurl
Description | textarea 32000 |  | Description
LeadSource | picklist |  | Lead Source | values=Web; Phone Inquiry; Partner Referral
  ; Purchased List; Other
Status | picklist | required defaulted fixed | Status | values=Open - Not Contacted*
  ; Working - Contacted; Closed - Converted; Closed - Not Converted
Industry | picklist |  | Industry | values=Agriculture; Apparel; Banking; Biotechnology
  ; Chemicals; Communications; Construction; Consulting; Education; Electronics; Energy
  ; Engineering; Entertainment; Environmental; Finance; Food & Beverage; Government
  ; Healthcare; Hospitality; Insurance; Machinery; Manufacturing; Media; Not For Profit
  ; Recreation; Retail; Shipping; Technology; Telecommunications; Transportation; Utilities
  ; Other
Rating | picklist |  | Rating | values=Hot; Warm; Cold
AnnualRevenue | currency |  | Annual Revenue
NumberOfEmployees | int |  | Employees | digits=8
OwnerId | reference | required defaulted fixed | Owner ID | to=Group,User as=Owner
IsConverted | boolean | createonly | Converted
ConvertedDate | date | readonly fixed | Converted Date
ConvertedAccountId | reference | readonly fixed prefilter | Converted Account ID | to=Account as=ConvertedAccount
ConvertedContactId | reference | readonly fixed prefilter | Converted Contact ID | to=Contact as=ConvertedContact
ConvertedOpportunityId | reference | readonly fixed prefilter | Converted Opportunity ID | to=Opportunity as=ConvertedOpportunity
IsUnreadByOwner | boolean |  | Unread By Owner
CreatedDate | datetime | system | Created Date
CreatedById | reference | system | Created By ID | to=User as=CreatedBy
LastModifiedDate | datetime | system | Last Modified Date
LastModifiedById | reference | system | Last Modified By ID | to=User as=LastModifiedBy
SystemModstamp | datetime | system | System Modstamp
LastActivityDate | date | readonly fixed | Last Activity
LastViewedDate | datetime | readonly fixed | Last Viewed Date
LastReferencedDate | datetime | readonly fixed | Last Referenced Date
Jigsaw | string 20 |  | Data.com Key
JigsawContactId | string 20 | readonly fixed | Jigsaw Contact ID | as=JigsawContact
CleanStatus | picklist 40 | restricted | Clean Status | values=Matched ~ In Sync; Different
  ; Acknowledged ~ Reviewed; NotFound ~ Not Found; Inactive; Pending ~ Not Compared
  ; SelectMatch ~ Select Match; Skipped
CompanyDunsNumber | string 9 |  | Company D-U-N-S Number
DandbCompanyId | reference | prefilter | D&B Company ID | to=DandBCompany as=DandbCompany
EmailBouncedReason | string 255 | updateonly fixed | Email Bounced Reason
EmailBouncedDate | datetime | updateonly fixed | Email Bounced Date
IndividualId | reference | fixed prefilter | Individual ID | to=Individual as=Individual
`,
};
