// Two organisations on one installation: one has a host of its own, the other is found by its name in the address.

import assert from 'node:assert/strict';
import { answerAll, next, tellAndSend } from './citizen.mjs';
import { BASE, run } from './desk.mjs';
import { HEIGHT, flaws } from './flaws.mjs';

const { port } = new URL(BASE);
const OWN = `http://sportello.ente.example:${port}`;

await run({ viewport: { width: 390, height: HEIGHT } }, async (page, complaints) => {
  const look = async (name) => complaints.push(...(await flaws(page)).map((flaw) => `${name}, ${flaw}`));

  // The whole way at the host of its own: no address on it names the organisation.
  await page.goto(`${OWN}/`);
  await look('own host');
  const ways = await page.locator('a[href^="/"]').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  assert.ok(ways.length > 5 && ways.every((way) => !way.includes('/ente')), ways.join());
  await page.goto(`${OWN}/sportello/information`);
  await page.check('#privacy');
  await next(page);
  await page.waitForURL(`${OWN}/sportello/information/2?b=*`);
  await answerAll(page);
  await next(page);
  await page.waitForURL('**/3?b=*');
  await tellAndSend(page, 'anna@libero.example');
  assert.ok(page.url().startsWith(`${OWN}/sportello/inviata`), page.url());
  await page.locator('main a[href*="/segui/"]').first().click();
  await page.waitForURL(`${OWN}/sportello/segui/*`);
  await page.getByRole('heading', { name: '2026/000001' }).waitFor();

  // The other one is not there, and is where both are listed.
  assert.equal((await page.goto(`${OWN}/sportello/altro`)).status(), 404);
  await look('own host, nobody');
  await page.goto(`${BASE}/sportello`);
  await look('both');
  const addresses = await page.locator('main a').evaluateAll((all) => all.map((link) => link.href));
  assert.ok(addresses.includes('https://sportello.ente.example/sportello'), addresses.join());
  // The other's begins with the address of the house, which is not where this test is served.
  const other = addresses.find((address) => address.endsWith('/sportello/altro'));
  await page.goto(BASE + new URL(other).pathname);
  await page.locator('.site-brand__owner', { hasText: 'Altro gestore' }).waitFor();
  await look('the other');
});
