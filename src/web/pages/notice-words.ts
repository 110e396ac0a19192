// The words of choosing what one hears.
export const noticeWords = {
  title: "Notifications",
  app: "In the app",
  byMail: "By mail",
  always: "This cannot be turned off.",
  mail: { off: "No mail", now: "Mail at once", daily: "Daily summary", weekly: "Weekly summary" },
  zone: "Time zone",
  digestAt: "Summary at",
  weekday: "Weekly summary on",
  weekdays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
  quiet: "No mails in quiet hours",
  quietFrom: "Quiet from",
  quietUntil: "Quiet until",
  save: "Save the hours",
  saved: "Your hours are kept.",
};
