/** webpack's own: what it and others that make styles by script put onto them. */
declare let __webpack_nonce__: string;
