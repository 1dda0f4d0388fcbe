import type { CompactObject } from "../shape/compact.ts";

/** Campaign: the same 33 fields from API v42 to v64. */
export const campaign: CompactObject = {
  name: "Campaign",
  label: "Campaign",
  labelPlural: "Campaigns",
  keyPrefix: "701",
  differs: { feedEnabled: false, mergeable: false },
  scopes: [
    ["all_active_campaigns", "All active campaigns"],
    ["everything", "All campaigns"],
    ["mine", "My campaigns"],
    ["my_active_campaigns", "My active campaigns"],
    ["single_entity_scope", "Select a campaign:"],
  ],
  fields: `
Id | id |  | Campaign ID
IsDeleted | boolean | readonly | Deleted
Name | string 80 | required fixed namefield lookup | Name
ParentId | reference | prefilter | Parent Campaign ID | to=Campaign as=Parent
Type | picklist 40 | defaulted | Type | values=Conference*; Webinar; Trade Show
  ; Public Relations; Partners; Referral Program; Advertisement; Banner Ads; Direct Mail
  ; Email; Telemarketing; Other
Status | picklist 40 | defaulted | Status | values=Planned*; In Progress; Completed; Aborted
StartDate | date |  | Start Date
EndDate | date |  | End Date
ExpectedRevenue | currency |  | Expected Revenue in Campaign
BudgetedCost | currency |  | Budgeted Cost in Campaign
ActualCost | currency |  | Actual Cost in Campaign
ExpectedResponse | percent |  | Expected Response (%) | scale=2 precision=10
NumberSent | double |  | Num Sent in Campaign
IsActive | boolean | secured | Active
Description | textarea 32000 |  | Description
NumberOfLeads | int | readonly required | Leads in Campaign
NumberOfConvertedLeads | int | readonly required | Converted Leads in Campaign
NumberOfContacts | int | readonly required | Contacts in Campaign
NumberOfResponses | int | readonly required | Responses in Campaign
NumberOfOpportunities | int | readonly required | Opportunities in Campaign
NumberOfWonOpportunities | int | readonly required | Won Opportunities in Campaign
AmountAllOpportunities | currency | readonly required | Value Opportunities in Campaign
AmountWonOpportunities | currency | readonly required | Value Won Opportunities in Campaign
OwnerId | reference | required defaulted fixed | Owner ID | to=User as=Owner
CreatedDate | datetime | system | Created Date
CreatedById | reference | system | Created By ID | to=User as=CreatedBy
LastModifiedDate | datetime | system | Last Modified Date
LastModifiedById | reference | system | Last Modified By ID | to=User as=LastModifiedBy
SystemModstamp | datetime | system | System Modstamp
LastActivityDate | date | readonly fixed | Last Activity
LastViewedDate | datetime | readonly fixed | Last Viewed Date
LastReferencedDate | datetime | readonly fixed | Last Referenced Date
CampaignMemberRecordTypeId | reference | fixed prefilter | Record Type ID | to=RecordType as=CampaignMemberRecordType
`,
};
