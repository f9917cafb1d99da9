// Keeps the crew's page on the device so that it opens in a tunnel; never what the server says of people or incidents.
const SHELL = "goldentime-field-1";
const KEPT = /^\/(assets\/|icon\.svg$|field$|field\.webmanifest$)/;
const PART = /^\/assets\/[^?#]+$/;
const PAGE_WITHIN_MS = 4000; // a link that is only said to be there

self.addEventListener("install", (event) => {
  event.waitUntil(keepPage([]).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== SHELL).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin || !KEPT.test(url.pathname)) return;
  event.respondWith(url.pathname.startsWith("/assets/") ? kept(event.request) : fresh(event.request, url.pathname));
});
// what the page took before this worker served it: rooms it asks for only while running stand in no page
self.addEventListener("message", (event) => {
  const parts = Array.isArray(event.data?.keep) ? event.data.keep.filter((part) => PART.test(part)) : [];
  event.waitUntil(keepPage(parts).catch(() => {})); // the link went meanwhile: the page kept before still opens
});

/** The page is put last: one that is kept has its parts beside it. */
async function keepPage(more) {
  const shell = await caches.open(SHELL);
  const page = await fetch("/field");
  if (!page.ok) throw new Error(`/field answered ${page.status}`);
  const named = [...(await page.clone().text()).matchAll(/(?:src|href)="(\/assets\/[^"?#]+)"/g)].map(
    (found) => found[1],
  );
  await Promise.all([...new Set([...named, ...more])].map((part) => kept(part)));
  await shell.add("/icon.svg");
  await shell.put("/field", page);
}

// built files carry their digest in their name: once kept, they never change
async function kept(request) {
  const shell = await caches.open(SHELL);
  const known = await shell.match(request);
  if (known) return known;
  const answer = await fetch(request);
  if (answer.status === 200) await shell.put(request, answer.clone());
  return answer;
}

// the kept page at once, for each round trip of a poor link is a third of a second; the page then has it renewed
async function fresh(request, path) {
  const shell = await caches.open(SHELL);
  const page = path === "/field" ? await shell.match(path) : undefined;
  if (page) return page;
  try {
    return await fetch(request.url, { signal: AbortSignal.timeout(PAGE_WITHIN_MS) });
  } catch (lost) {
    const known = await shell.match(path);
    if (known) return known;
    throw lost;
  }
}
