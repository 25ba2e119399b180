/**
 * What a page of ours may load and do (Content-Security-Policy): its own styles and typeface, nothing from elsewhere, no script; and the
 * same with scripts of ours and what they ask the gateway for. Pure.
 */

export const PAGE_POLICY = {
  defaultSrc: ["'none'"],
  styleSrc: ["'self'"],
  fontSrc: ["'self'"],
  imgSrc: ["'self'", "data:"],
  formAction: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
  upgradeInsecureRequests: null,
};

export const SCRIPT_POLICY = { ...PAGE_POLICY, scriptSrc: ["'self'"], connectSrc: ["'self'"] };
