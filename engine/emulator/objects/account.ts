import type { CompactObject } from "../shape/compact.ts";

/** Account as API v48 and later describes it, without person accounts. */
export const account: CompactObject = {
  name: "Account",
  label: "Account",
  labelPlural: "Accounts",
  keyPrefix: "001",
  scopes: [
    ["everything", "All accounts"],
    ["mine", "My accounts"],
    ["team", "My team's accounts"],
  ],
  fields: `
Id | id |  | Account ID
IsDeleted | boolean | readonly | Deleted
MasterRecordId | reference | readonly fixed | Master Record ID | to=Account as=MasterRecord
Name | string 255 | required fixed namefield | Account Name | in=Name info=switchablepersonname
Type | picklist 40 |  | Account Type | values=Prospect; Customer - Direct
  ; Customer - Channel; Channel Partner / Reseller; Installation Partner; Technology Partner
  ; Other
RecordTypeId | reference | fixed | Record Type ID | to=RecordType as=RecordType
ParentId | reference | prefilter | Parent Account ID | to=Account as=Parent
BillingStreet | textarea |  | Billing Street | in=BillingAddress
BillingCity | string 40 |  | Billing City | in=BillingAddress
BillingState | string 80 |  | Billing State/Province | in=BillingAddress
BillingPostalCode | string 20 |  | Billing Zip/Postal Code | in=BillingAddress
BillingCountry | string 80 |  | Billing Country | in=BillingAddress
BillingLatitude | double |  | Billing Latitude | in=BillingAddress scale=15
BillingLongitude | double |  | Billing Longitude | in=BillingAddress scale=15
BillingGeocodeAccuracy | picklist 40 | restricted | Billing Geocode Accuracy | in=BillingAddress values=Address
  ; NearAddress; Block; Street; ExtendedZip; Zip; Neighborhood; City; County; State; Unknown
BillingAddress | address |  | Billing Address
ShippingStreet | textarea |  | Shipping Street | in=ShippingAddress
ShippingCity | string 40 |  | Shipping City | in=ShippingAddress
ShippingState | string 80 |  | Shipping State/Province | in=ShippingAddress
ShippingPostalCode | string 20 |  | Shipping Zip/Postal Code | in=ShippingAddress
ShippingCountry | string 80 |  | Shipping Country | in=ShippingAddress
ShippingLatitude | double |  | Shipping Latitude | in=ShippingAddress scale=15
ShippingLongitude | double |  | Shipping Longitude | in=ShippingAddress scale=15
ShippingGeocodeAccuracy | picklist 40 | restricted | Shipping Geocode Accuracy | in=ShippingAddress values=Address
  ; NearAddress; Block; Street; ExtendedZip; Zip; Neighborhood; City; County; State; Unknown
ShippingAddress | address |  | Shipping Address
Phone | phone |  | Account Phone
Fax | phone |  | Account Fax
AccountNumber | string 40 |  | Account Number
Website | url |  | Website
PhotoUrl | url | readonly fixed | Photo URL | info=imageurl
Sic | string 20 |  | SIC Code
Industry | picklist 40 |  | Industry | values=Agriculture; Apparel; Banking; Biotechnology
  ; Chemicals; Communications; Construction; Consulting; Education; Electronics; Energy
  ; Engineering; Entertainment; Environmental; Finance; Food & Beverage; Government
  ; Healthcare; Hospitality; Insurance; Machinery; Manufacturing; Media; Not For Profit
  ; Recreation; Retail; Shipping; Technology; Telecommunications; Transportation; Utilities
  ; Other
AnnualRevenue | currency |  | Annual Revenue
NumberOfEmployees | int |  | Employees | digits=8
Ownership | picklist 40 |  | Ownership | values=Public; Private; Subsidiary; Other
TickerSymbol | string 20 |  | Ticker Symbol
Description | textarea 32000 |  | Account Description
Rating | picklist 40 |  | Account Rating | values=Hot; Warm; Cold
Site | string 80 |  | Account Site
OwnerId | reference | required defaulted fixed | Owner ID | to=User as=Owner
CreatedDate | datetime | system | Created Date
CreatedById | reference | system | Created By ID | to=User as=CreatedBy
LastModifiedDate | datetime | system | Last Modified Date
LastModifiedById | reference | system | Last Modified By ID | to=User as=LastModifiedBy
SystemModstamp | datetime | system | System Modstamp
LastActivityDate | date | readonly fixed | Last Activity
LastViewedDate | datetime | readonly fixed | Last Viewed Date
LastReferencedDate | datetime | readonly fixed | Last Referenced Date
IsPartner | boolean | updateonly | Partner Account
IsCustomerPortal | boolean | updateonly | Customer Portal Account
ChannelProgramName | string 255 | readonly fixed unfiltered | Channel Program Name
ChannelProgramLevelName | string 255 | readonly fixed unfiltered | Channel Program Level Name
Jigsaw | string 20 |  | Data.com Key
JigsawCompanyId | string 20 | readonly fixed | Jigsaw Company ID | as=JigsawCompany
CleanStatus | picklist 40 | restricted | Clean Status | values=Matched ~ In Sync; Different
  ; Acknowledged ~ Reviewed; NotFound ~ Not Found; Inactive; Pending ~ Not Compared
  ; SelectMatch ~ Select Match; Skipped
AccountSource | picklist 40 |  | Account Source | values=Web; Phone Inquiry
  ; Partner Referral; Purchased List; Other
DunsNumber | string 9 |  | D-U-N-S Number
Tradestyle | string 255 |  | Tradestyle
NaicsCode | string 8 |  | NAICS Code
NaicsDesc | string 120 |  | NAICS Description
YearStarted | string 4 |  | Year Started
SicDesc | string 80 |  | SIC Description
DandbCompanyId | reference | prefilter | D&B Company ID | to=DandBCompany as=DandbCompany
OperatingHoursId | reference | prefilter | Operating Hour ID | to=OperatingHours as=OperatingHours
`,
};
