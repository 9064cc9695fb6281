// A house with a map: a tap sets the position, and where tiles do not come the address alone suffices. The tiles are made here.

import assert from 'node:assert/strict';
import { PHOTO, answerAll, next, tellAndSend } from './citizen.mjs';
import { BASE, run } from './desk.mjs';
import { HEIGHT, flaws } from './flaws.mjs';

const FORM = `${BASE}/sportello/ente/disruption`;
const TILES = 'https://tiles.example/**';

await run({ viewport: { width: 390, height: HEIGHT } }, async (page, complaints) => {
  const look = async (name) => complaints.push(...(await flaws(page)).map((flaw) => `${name}, ${flaw}`));
  let asked = 0;
  await page.route(TILES, (route) => {
    asked += 1;
    return route.fulfill({ contentType: 'image/png', body: PHOTO.buffer });
  });
  await second(page);
  const map = page.locator('.form__map');
  await map.locator('img.leaflet-tile-loaded').first().waitFor();
  assert.ok(asked > 0);
  await look('map');
  const { said } = await position(page);
  assert.equal(said, (await page.locator('[data-position]').getAttribute('data-unknown')));
  await map.click({ position: { x: 120, y: 90 } });
  const tapped = await position(page);
  assert.ok(tapped.lat && tapped.lon && tapped.said !== said, JSON.stringify(tapped));
  await look('map, tapped');
  await page.locator('[data-forget]').click();
  assert.equal((await position(page)).lat, '');

  // The tiles do not come, nor does the map itself: the form is none the worse.
  await page.unroute(TILES);
  await page.route(TILES, (route) => route.fulfill({ status: 404 }));
  await second(page);
  await map.waitFor();
  await page.route('**/map*.js*', (route) => route.fulfill({ status: 404 }));
  await second(page);
  assert.ok(!(await map.isVisible()));
  complaints.splice(0, complaints.length, ...complaints.filter((words) => !words.includes('status of 404')));
  await answerAll(page);
  await next(page);
  await page.waitForURL('**/3?b=*');
  await tellAndSend(page, 'anna@libero.example');
});

async function second(page) {
  await page.goto(FORM);
  await page.check('#privacy');
  await next(page);
  await page.waitForURL('**/2?b=*');
  await page.waitForLoadState('networkidle');
}

async function position(page) {
  const value = (mark) => page.locator(mark).inputValue();
  return { lat: await value('[data-lat]'), lon: await value('[data-lon]'), said: await page.locator('[data-position]').innerText() };
}
