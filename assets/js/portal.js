// What JavaScript adds to the citizens' pages, which work without it. Each part looks for its own marks on the page.

import './desk.js'; // a form is sent once
import { countLeft } from './portal/left.js';
import { saveByItself } from './portal/draft.js';
import { shrinkPhotos } from './portal/photos.js';
import { showKnown } from './portal/near.js';
import { showReports } from './portal/reports.js';
import { takePosition } from './portal/place.js';

document.getElementById('errors')?.focus();
countLeft();
shrinkPhotos();
takePosition();
showKnown();
showReports();
saveByItself();

const print = document.querySelector('[data-print]');
if (print) {
  print.hidden = false;
  print.addEventListener('click', () => window.print());
}
