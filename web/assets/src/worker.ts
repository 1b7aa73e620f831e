// The service worker keeps one page: the empty report form, so that a reload
// without the server is still a form to type into. It holds no record of the
// log, and it never answers in place of a server that can be reached.

/** What is used of the worker's own types, which exclude those of a page. */
interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Lasting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
const scope = self as unknown as {
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  addEventListener(type: string, listener: (event: never) => void): void;
};

const shelf = "report-form";
const form = "/incidents/new?offline=1";

scope.addEventListener("install", (event: Lasting) => event.waitUntil(scope.skipWaiting()));
scope.addEventListener("activate", (event: Lasting) => event.waitUntil(caches.delete(shelf).then(() => scope.clients.claim())));
scope.addEventListener("message", (event: Lasting) => event.waitUntil(keep()));

scope.addEventListener("fetch", (event: Fetching) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && url.pathname === "/incidents/new") event.respondWith(page(request));
  else if (url.pathname.startsWith("/assets/")) event.respondWith(asset(request));
});

/** Fetches the empty form and what it is drawn with. */
async function keep(): Promise<void> {
  const answer = await fetch(form, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const cache = await caches.open(shelf);
  const html = await answer.clone().text();
  await cache.put(form, answer);
  const assets = new Set([...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((m) => m[1] ?? ""));
  await Promise.all([...assets].map((a) => cache.match(a).then((there) => (there ? undefined : cache.add(a)))));
}

async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await (await caches.open(shelf)).match(form);
    if (!kept) throw error;
    // The page is as old as the day it was kept; its clock must not be.
    const html = (await kept.text()).replace(/data-now="[^"]*"/, `data-now="${new Date().toISOString()}"`).replace("data-draft=", "data-offline data-draft=");
    return new Response(html, { headers: kept.headers });
  }
}

/** Assets carry their content in their name: the kept one is the right one. */
async function asset(request: Request): Promise<Response> {
  const kept = await (await caches.open(shelf)).match(request);
  return kept ?? fetch(request);
}
