// What of Vega is used here; vega.js itself has no types.
export const parse: any;
export const View: any;
export const changeset: any;
