// Keeps the crew's page on the device so that it opens in a tunnel; never what the server says of people or incidents.
const SHELL = "goldentime-field-1";
const KEPT = /^\/(assets\/|icon\.svg$|field$|field\.webmanifest$)/;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll(["/field", "/icon.svg"])));
  self.skipWaiting();
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
  event.respondWith(url.pathname.startsWith("/assets/") ? kept(event.request) : fresh(event.request));
});

// built files carry their digest in their name: once kept, they never change
async function kept(request) {
  const shell = await caches.open(SHELL);
  const known = await shell.match(request);
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok && answer.status === 200) await shell.put(request, answer.clone());
  return answer;
}

async function fresh(request) {
  const shell = await caches.open(SHELL);
  try {
    const answer = await fetch(request);
    if (answer.ok) await shell.put(request, answer.clone());
    return answer;
  } catch (lost) {
    const known = await shell.match(request);
    if (known) return known;
    throw lost;
  }
}
