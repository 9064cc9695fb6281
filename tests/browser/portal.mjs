// A citizen fills every form of the Sportello, makes mistakes, sends it, follows it and answers: with and without JavaScript,
// on a phone and on a screen, in the three languages. With JavaScript every page is also looked at by axe.
//
// Environment beside that of desk.mjs: JAVASCRIPT (on, off), WIDTH.

import assert from 'node:assert/strict';
import { CITIZEN, PHOTO, answerAll, next, type } from './citizen.mjs';
import { BASE, run } from './desk.mjs';
import { HEIGHT, flaws } from './flaws.mjs';

const PORTAL = `${BASE}/sportello/ente`;
const KINDS = ['disruption', 'complaint', 'information', 'rectification', 'repair', 'pickup'];
const LANGUAGES = ['it', 'en', 'de'];
/** Bytes of a form page with all that it loads, without a map: the budget of the Sportello. */
const BUDGET = 120_000;
const javaScript = process.env.JAVASCRIPT === 'on';
const width = Number(process.env.WIDTH);

await run({ viewport: { width, height: HEIGHT }, javaScriptEnabled: javaScript }, async (page, complaints) => {
  const look = async (name) => {
    if (!javaScript) return;
    complaints.push(...(await flaws(page)).map((flaw) => `${name}, ${flaw}`));
    await page.setViewportSize({ width, height: HEIGHT });
  };
  for (const [at, kind] of KINDS.entries()) {
    await fill(page, kind, LANGUAGES[at % LANGUAGES.length], look);
  }
  await follow(page, look);
  for (const path of ['', '/servizi/disruption', '/avvisi', '/segui', '/privacy', '/accessibilita', '/contatti']) {
    await page.goto(PORTAL + path);
    await look(path || 'home');
  }
});

/** From the first step to the receipt, with a mistake at each step. */
async function fill(page, kind, language, look) {
  let loaded = 0;
  const weigh = async (answer) => {
    loaded += Number((await answer.allHeaders())['content-length'] ?? (await answer.body().catch(() => '')).length);
  };
  page.on('response', weigh);
  await page.goto(`${PORTAL}/${kind}?lang=${language}`);
  await page.waitForLoadState('networkidle');
  page.off('response', weigh);
  assert.ok(loaded > 0 && loaded < BUDGET, `${kind}: ${loaded} bytes`);
  await look(`${kind}, 1`);
  await next(page);
  await page.locator('#errors').waitFor();
  await look(`${kind}, 1 with errors`);
  await page.locator('#privacy').focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/2?b=*');
  await look(`${kind}, 2`);
  await next(page);
  await page.locator('#errors').waitFor();
  assert.match(await page.title(), /^(Errore|Error|Fehler):/);
  await look(`${kind}, 2 with errors`);
  if (await page.locator('input[type=file]').count()) {
    await page.setInputFiles('input[type=file]', PHOTO);
    // With JavaScript a file is stored as soon as it is chosen.
    if (!javaScript) await page.locator('button[value=keep]').click();
    await page.locator('.files li').first().waitFor();
  }
  await answerAll(page);
  await next(page);
  await page.waitForURL('**/3?b=*');
  await page.fill('#email', 'anna@');
  await next(page);
  await page.locator('#errors').waitFor();
  await look(`${kind}, 3 with errors`);
  await type(page, { ...CITIZEN, email: `anna.${kind}@libero.example` });
  await next(page);
  await page.waitForURL('**/4?b=*');
  await look(`${kind}, 4`);
  await page.check('#terms');
  await next(page);
  await page.waitForURL('**/inviata?b=*');
  await look(`${kind}, sent`);
  assert.match(await page.locator('main').innerText(), /2026\/0000\d\d/);
}

/** Reads the last one on the tracking page and adds something. */
async function follow(page, look) {
  await page.locator('main a[href*="/segui/"]').first().click();
  await page.waitForURL('**/segui/*');
  await look('tracking');
  await page.fill('textarea[name=text]', 'Aggiungo: anche al civico 14.');
  await page.locator('button[name=act]:not([value=keep]), form[action*="risposta"] button[type=submit]').last().click();
  await page.getByText('Aggiungo: anche al civico 14.').first().waitFor();
  await look('tracking, answered');
}
