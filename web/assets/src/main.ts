// What every page gains from a script. Each part can fail or be absent without
// the page losing what it is for: links, forms and figures come from the server.
import { startAlarms } from "./alarm";
import { startAttach } from "./attach";
import { startCall } from "./call";
import { startChoose } from "./choose";
import { startClock } from "./clock";
import { startCopy } from "./copy";
import { startCountdowns } from "./countdown";
import { startDrafts } from "./drafts";
import { startEvents } from "./events";
import { startForms } from "./forms";
import { startKeys } from "./keys";
import { startPresence } from "./presence";
import { startPress } from "./press";
import { startQuick } from "./quick";
import { startReadback } from "./readback";
import { startReadings } from "./readings";
import { startRefresh } from "./refresh";
import { startRepeats } from "./repeat";
import { startStale } from "./stale";
import { startThemes } from "./theme";

for (const start of [startPress, startClock, startCountdowns, startThemes, startQuick, startForms, startRepeats, startDrafts, startCall, startReadings, startReadback, startKeys, startChoose, startAttach, startPresence, startCopy, startStale, startAlarms, startRefresh, startEvents]) {
  try {
    start();
  } catch (error) {
    console.error(start.name, error);
  }
}

// The error summary of a refused form, or whatever else must be read first.
document.querySelector<HTMLElement>("[data-focus]")?.focus();
