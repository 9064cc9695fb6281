// The map beside an address. No pictures of its own: the pin is a circle.

import { CircleMarker, Map, TileLayer } from 'leaflet';

const ITALY = [42.5, 12.5];

/** Draws it; gives what moves the pin. */
export function draw(box, known, set) {
  box.setAttribute('role', 'group');
  box.setAttribute('aria-label', box.dataset.label);
  const map = new Map(box, { scrollWheelZoom: false }).setView(known ?? ITALY, known ? 17 : 5);
  // The library's own prefix has an English title.
  map.attributionControl.setPrefix('<a href="https://leafletjs.com">Leaflet</a>');
  new TileLayer(box.dataset.tiles, { attribution: box.dataset.attribution, maxZoom: 19 }).addTo(map);
  const pin = new CircleMarker(known ?? ITALY, { radius: 10, weight: 4, color: '#a3142a' });
  if (known) pin.addTo(map);
  map.on('click', ({ latlng }) => set([latlng.lat, latlng.lng]));
  return (position) => {
    if (!position) {
      pin.remove();
      return;
    }
    pin.setLatLng(position).addTo(map);
    map.setView(position, Math.max(map.getZoom(), 17));
  };
}
