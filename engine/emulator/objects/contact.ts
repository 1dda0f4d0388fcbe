import type { CompactObject } from "../shape/compact.ts";

/** Contact as API v59 describes it. */
export const contact: CompactObject = {
  name: "Contact",
  label: "Contact",
  labelPlural: "Contacts",
  keyPrefix: "003",
  scopes: [
    ["everything", "All contacts"],
    ["mine", "My contacts"],
    ["scopingRule", "Filter by scope"],
    ["team", "My team's contacts"],
  ],
  fields: `
Id | id |  | Contact ID
IsDeleted | boolean | readonly | Deleted
MasterRecordId | reference | readonly fixed | Master Record ID | to=Contact as=MasterRecord
AccountId | reference | prefilter | Account ID | to=Account as=Account
LastName | string 80 | required fixed | Last Name | in=Name info=personname
FirstName | string 40 | fixed | First Name | in=Name info=personname
Salutation | picklist 40 | fixed | Salutation | in=Name info=personname values=Mr.; Ms.
  ; Mrs.; Dr.; Prof.
Name | string 121 | readonly required fixed namefield | Full Name | info=personname
OtherStreet | textarea |  | Other Street | in=OtherAddress
OtherCity | string 40 |  | Other City | in=OtherAddress
OtherState | string 80 |  | Other State/Province | in=OtherAddress
OtherPostalCode | string 20 |  | Other Zip/Postal Code | in=OtherAddress
OtherCountry | string 80 |  | Other Country | in=OtherAddress
OtherLatitude | double |  | Other Latitude | in=OtherAddress scale=15
OtherLongitude | double |  | Other Longitude | in=OtherAddress scale=15
OtherGeocodeAccuracy | picklist 40 | restricted | Other Geocode Accuracy | in=OtherAddress values=Address
  ; NearAddress; Block; Street; ExtendedZip; Zip; Neighborhood; City; County; State; Unknown
OtherAddress | address |  | Other Address
MailingStreet | textarea |  | Mailing Street | in=MailingAddress
MailingCity | string 40 |  | Mailing City | in=MailingAddress
MailingState | string 80 |  | Mailing State/Province | in=MailingAddress
MailingPostalCode | string 20 |  | Mailing Zip/Postal Code | in=MailingAddress
MailingCountry | string 80 |  | Mailing Country | in=MailingAddress
MailingLatitude | double |  | Mailing Latitude | in=MailingAddress scale=15
MailingLongitude | double |  | Mailing Longitude | in=MailingAddress scale=15
MailingGeocodeAccuracy | picklist 40 | restricted | Mailing Geocode Accuracy | in=MailingAddress values=Address
  ; NearAddress; Block; Street; ExtendedZip; Zip; Neighborhood; City; County; State; Unknown
MailingAddress | address |  | Mailing Address
Phone | phone |  | Business Phone
Fax | phone |  | Business Fax
MobilePhone | phone |  | Mobile Phone
HomePhone | phone |  | Home Phone
OtherPhone | phone |  | Other Phone
AssistantPhone | phone |  | Asst. Phone
ReportsToId | reference | prefilter | Reports To ID | to=Contact as=ReportsTo
Email | email | lookup | Email
Title | string 128 |  | Title
Department | string 80 |  | Department
AssistantName | string 40 |  | Assistant's Name
LeadSource | picklist |  | Lead Source | values=Web; Phone Inquiry; Partner Referral
  ; Purchased List; Other
Birthdate | date |  | Birthdate
Description | textarea 32000 |  | Contact Description
OwnerId | reference | required defaulted fixed | Owner ID | to=User as=Owner
CreatedDate | datetime | system | Created Date
CreatedById | reference | system | Created By ID | to=User as=CreatedBy
LastModifiedDate | datetime | system | Last Modified Date
LastModifiedById | reference | system | Last Modified By ID | to=User as=LastModifiedBy
SystemModstamp | datetime | system | System Modstamp
LastActivityDate | date | readonly fixed | Last Activity
LastCURequestDate | datetime | readonly fixed | Last Stay-in-Touch Request Date
LastCUUpdateDate | datetime | readonly fixed | Last Stay-in-Touch Save Date
LastViewedDate | datetime | readonly fixed | Last Viewed Date
LastReferencedDate | datetime | readonly fixed | Last Referenced Date
EmailBouncedReason | string 255 | fixed | Email Bounced Reason
EmailBouncedDate | datetime | fixed | Email Bounced Date
IsEmailBounced | boolean | readonly | Is Email Bounced
PhotoUrl | url | readonly fixed | Photo URL | info=imageurl
Jigsaw | string 20 |  | Data.com Key
JigsawContactId | string 20 | readonly fixed | Jigsaw Contact ID | as=JigsawContact
CleanStatus | picklist 40 | restricted | Clean Status | values=Matched ~ In Sync; Different
  ; Acknowledged ~ Reviewed; NotFound ~ Not Found; Inactive; Pending ~ Not Compared
  ; SelectMatch ~ Select Match; Skipped
IndividualId | reference | fixed prefilter | Individual ID | to=Individual as=Individual
`,
};
