/**
 * The nonce that the server put into the page: styles that are made by script must carry it. Imported before everything that
 * makes any.
 */
const root = document.getElementById('workbench');
export const nonce = root?.dataset.nonce ?? '';
__webpack_nonce__ = nonce;
