// The page of IO's stand-in, on a screen and on a phone: empty, then with messages of every sort and their mails unfolded.

import assert from 'node:assert/strict';
import { BASE, run } from './desk.mjs';
import { HEIGHT, WIDTHS, flaws } from './flaws.mjs';

await run({ viewport: { width: WIDTHS[0], height: HEIGHT } }, async (page, complaints) => {
  const answer = await page.goto(`${BASE}/`);
  assert.equal(answer.status(), 200);
  const messages = page.getByRole('article');
  assert.equal(await messages.count(), Number(process.env.MESSAGES));
  for (const summary of await page.locator('summary').all()) await summary.click();
  complaints.push(...(await flaws(page)));
});
