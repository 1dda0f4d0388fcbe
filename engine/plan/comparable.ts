/** A value in the one form in which what would be sent and what the org holds can be compared: by the
 *  field's type, as Salesforce stores it. Blank and #N/A are "". */
export function comparable(text: string, type: string): string {
  if (text === "" || text === "#N/A") return "";
  switch (type) {
    case "boolean":
      return /^(true|1)$/i.test(text.trim()) ? "true" : "false";
    case "int":
    case "long":
    case "double":
    case "currency":
    case "percent":
      return numberForm(text.trim());
    case "date":
      return text.trim().slice(0, "yyyy-mm-dd".length);
    case "datetime":
      return instantForm(text.trim());
    case "id":
    case "reference":
      return text.trim().slice(0, 15);
    case "email":
      return text.trim().toLowerCase();
    case "multipicklist":
      return text
        .split(";")
        .map((part) => part.trim())
        .sort()
        .join(";");
    default:
      // Salesforce cuts blanks at both ends.
      return text.replaceAll("\r\n", "\n").trim();
  }
}

/** 910000000 and 9.1E8 are one number. A double holds 15 digits exactly, as many as Salesforce shows. */
function numberForm(text: string): string {
  const value = Number(text);
  return Number.isNaN(value) ? text : String(value);
}

/** 2026-01-01T10:00:00.000+0000 and 2026-01-01T10:00:00Z are one instant; Salesforce keeps seconds. */
function instantForm(text: string): string {
  const ms = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
  return Number.isNaN(ms) ? text : String(Math.floor(ms / 1_000));
}
