// The time zone of this browser, for a form that begins somebody: their day starts at four in the morning there.
for (const field of document.querySelectorAll('input[name="zone"]')) {
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}
