// Takes the pictures of README.md and docs/guide/look.md from the real pages, with node and Chromium, and nothing else:
//
//     cargo build -p muticket-demo -p existing-site
//     node docs/pictures/take.mjs
//
// MUTICKET_TARGET says where cargo built (`target` unless set), CHROMIUM which browser is taken.
import { spawn } from "node:child_process";
import { readFileSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = new URL("../..", import.meta.url).pathname;
const target = process.env.MUTICKET_TARGET ?? join(root, "target");
const guide = readFileSync(join(root, "docs/guide/look.md"), "utf8");
/** What the guide tells a host to write. */
const [five, dark] = [...guide.matchAll(/```css\n(.*?)```/gs)].map((block) => block[1]);

const demo = { program: "muticket-demo", args: ["--fresh"], port: 8191, style: "/site.css" };
/** Six tickets, so that their numbers are known. */
const few = { ...demo, args: ["--fresh", "--few", "--database", "sqlite:muticket-demo-few.sqlite"], port: 8193 };
const library = { program: "existing-site", args: [], port: 8192, style: "/library.css" };
const PICTURES = [
  { name: "conversation", site: few, user: "tom", path: "/support/tickets/3", height: 1160 },
  { name: "overview", site: demo, user: "tom", path: "/support/tickets", height: 640 },
  { name: "five-properties", site: few, user: "tom", path: "/support/tickets/3", height: 760, rules: five },
  { name: "dark", site: few, user: "tom", path: "/support/tickets/3", height: 760, rules: five + dark, dark: true },
  { name: "phone-overview", site: few, user: "ben", path: "/support/tickets?state=all", width: 390, height: 760 },
  { name: "phone-conversation", site: few, user: "ben", path: "/support/tickets/2", width: 390, height: 760 },
  { name: "existing-site", site: library, path: "/help/tickets/1", height: 860 },
];

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** Asks a site, and gives status, headers and body. */
function ask(port, method, path, headers = {}, body = null) {
  return new Promise((answer, fail) => {
    const asked = request({ host: "127.0.0.1", port, method, path, headers }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => answer({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }));
    });
    asked.on("error", fail);
    asked.end(body);
  });
}

async function launch(site, folder) {
  const program = join(target, "debug", site.program);
  const child = spawn(program, site.args, { cwd: folder, env: { ...process.env, ROCKET_PORT: String(site.port) }, stdio: "ignore" });
  for (let tries = 0; tries < 100; tries += 1) {
    if (await ask(site.port, "GET", "/").catch(() => null)) return child;
    await pause(200);
  }
  child.kill();
  throw new Error(`${program} does not answer`);
}

const form = (values) => new URLSearchParams(values).toString();
const FORM = { "Content-Type": "application/x-www-form-urlencoded" };

async function signIn(site, values) {
  const answer = await ask(site.port, "POST", "/login", FORM, form(values));
  return answer.headers["set-cookie"].map((cookie) => cookie.split(";")[0]).join("; ");
}

/** Fills in the form of a page that goes to `action`, and sends it. */
async function submit(site, cookie, page, action, values) {
  const html = (await ask(site.port, "GET", page, { Cookie: cookie })).body.toString().replaceAll("&#x2f;", "/");
  const form = html.split("<form").find((part) => part.includes(`action="${action}"`));
  const hidden = [...form.split("</form>")[0].matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  const fields = new FormData();
  for (const [, name, value] of hidden) fields.append(name, value);
  for (const [name, value] of Object.entries(values)) fields.append(name, value);
  const sent = new Request("http://localhost", form.includes("multipart") ? { method: "POST", body: fields } : { method: "POST", body: new URLSearchParams([...fields]) });
  const headers = { Cookie: cookie, "Content-Type": sent.headers.get("Content-Type") };
  const answer = await ask(site.port, "POST", action, headers, Buffer.from(await sent.arrayBuffer()));
  if (answer.status !== 303) throw new Error(`${action} answered ${answer.status}`);
}

/** The library begins empty: a group, a supporter, a ticket, an answer. */
async function fill(site) {
  const edith = await signIn(site, { login: "edith", password: "mind-the-shop", back: "/" });
  const oskar = await signIn(site, { login: "oskar", password: "mend-the-saw", back: "/" });
  const mia = await signIn(site, { login: "mia", password: "borrow-a-drill", back: "/" });
  await submit(site, edith, "/help/backend/settings", "/help/backend/settings", { supporter_group: "staff", ratings: "1", answering_assigns: "1", assignee_first: "1" });
  const people = (await ask(site.port, "GET", "/help/backend/supporters/new", { Cookie: edith })).body.toString();
  const [, user] = people.match(/<option value="([^"]*)"[^>]*>[^<]*Oskar/);
  await submit(site, edith, "/help/backend/supporters/new", "/help/backend/supporters", { user, present: "1" });
  const question = "Guten Tag,\n\ndie Schlagbohrmaschine Nummer 12 raucht, wenn sie länger läuft. Soll ich sie gleich zurückbringen?\n\nMia";
  await submit(site, mia, "/help/tickets/new", "/help/tickets", { subject: "Die Bohrmaschine raucht", body: question });
  const answer = "Liebe Mia,\n\nbitte nicht weiter benutzen! Bring sie am Samstag mit, wir legen dir eine andere zurück.\n\nOskar";
  await submit(site, oskar, "/help/tickets/1", "/help/tickets/1/messages", { body: answer });
  return mia;
}

/** Hands the site on as one person sees it, with some rules more in its style sheet. */
function through(site, cookie, rules = "") {
  const server = createServer(async (asked, answer) => {
    const headers = { Cookie: cookie, "Accept-Language": "en" };
    const { status, headers: given, body } = await ask(site.port, "GET", asked.url, headers);
    answer.writeHead(status, { "Content-Type": given["content-type"] ?? "", "Cache-Control": "no-store" });
    answer.end(asked.url === site.style ? Buffer.concat([body, Buffer.from(rules)]) : body);
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server)));
}

async function take({ name, site, cookie, path, width = 1240, height, rules, dark: night }, folder) {
  const server = await through(site, cookie, rules);
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", `--user-data-dir=${join(folder, name)}`, `--window-size=${width},${height}`,
    `--blink-settings=preferredColorScheme=${night ? 0 : 1}`, "--virtual-time-budget=3000", `--screenshot=${join(root, "docs/pictures", `${name}.png`)}`];
  const browser = spawn(process.env.CHROMIUM ?? "chromium", [...flags, `http://127.0.0.1:${server.address().port}${path}`], { stdio: "ignore" });
  const code = await new Promise((done) => browser.on("exit", done));
  server.close();
  if (code !== 0) throw new Error(`no picture of ${name}`);
  console.log(name);
}

const folder = mkdtempSync(join(tmpdir(), "muticket-pictures-"));
const children = [];
try {
  for (const site of [demo, few, library]) children.push(await launch(site, folder));
  const mia = await fill(library);
  for (const picture of PICTURES) {
    await take({ cookie: picture.user ? await signIn(picture.site, { user: picture.user }) : mia, ...picture }, folder);
  }
} finally {
  for (const child of children) child.kill();
  await pause(500);
  rmSync(folder, { recursive: true, force: true });
}
