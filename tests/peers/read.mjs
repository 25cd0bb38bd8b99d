// Reads calendar files with ical.js (Thunderbird, Nextcloud) and node-ical, and says as JSON what each understood.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";
import nodeIcal from "node-ical";

function byIcalJs(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  ICAL.TimezoneService.reset();
  for (const zone of calendar.getAllSubcomponents("vtimezone")) {
    ICAL.TimezoneService.register(new ICAL.Timezone(zone)); // without this ical.js knows no zone at all
  }
  return calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    return {
      method: calendar.getFirstPropertyValue("method"),
      uid: event.uid,
      sequence: event.sequence,
      summary: event.summary,
      location: event.location,
      status: component.getFirstPropertyValue("status"),
      starts: event.startDate.toJSDate().toISOString(),
      ends: event.endDate.toJSDate().toISOString(),
      attendees: event.attendees.map((a) => [a.getParameter("cn"), a.getParameter("partstat") ?? null, a.getFirstValue()]),
    };
  });
}

function byNodeIcal(text) {
  return Object.values(nodeIcal.sync.parseICS(text))
    .filter((entry) => entry.type === "VEVENT")
    .map((event) => ({
      method: event.method ?? null,
      uid: event.uid,
      sequence: Number(event.sequence),
      summary: event.summary,
      status: event.status ?? null,
      starts: event.start.toISOString(),
      ends: event.end.toISOString(),
      zone: event.start.tz,
    }));
}

const read = { "ical.js": byIcalJs, "node-ical": byNodeIcal };
const [reader, ...files] = process.argv.slice(2);
process.stdout.write(JSON.stringify(files.map((file) => read[reader](readFileSync(file, "utf8")))));
