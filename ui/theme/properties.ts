import variables from '@splunk/themes/variables';
import { css } from 'styled-components';

/**
 * The colours and measures of the theme as CSS custom properties on the document's root, so that rows, charts and what
 * opens outside the page's element (menus, dialogs) need neither theme hook nor styled parts. Series take the "Strong"
 * names, which alone have contrast enough in both themes.
 */
export const properties = css`
  :root {
    --k-page: ${variables.backgroundColorPage};
    --k-section: ${variables.backgroundColorSection};
    --k-popup: ${variables.backgroundColorPopup};
    --k-head: ${variables.neutral100};
    --k-hover: ${variables.interactiveColorOverlayHover};
    --k-selected: ${variables.interactiveColorOverlaySelected};
    --k-track: ${variables.neutral300};
    --k-border: ${variables.borderColorWeak};
    --k-border-strong: ${variables.borderColor};
    --k-text: ${variables.contentColorDefault};
    --k-text-strong: ${variables.contentColorActive};
    --k-mark: ${variables.contentColorMuted};
    --k-link: ${variables.contentColorLink};
    --k-accent: ${variables.interactiveColorAccent};
    --k-focus: ${variables.focusColor};
    --k-focus-shadow: ${variables.focusShadow};
    --k-ok: ${variables.severityColorNormal};
    --k-caution: ${variables.notificationColorCaution};
    --k-caution-weak: ${variables.notificationColorCautionWeak};
    --k-negative: ${variables.notificationColorNegative};
    --k-positive: ${variables.notificationColorPositive};
    --k-series-1: ${variables.categoricalA2Strong};
    --k-series-2: ${variables.categoricalA1Strong};
    --k-series-3: ${variables.categoricalA3Strong};
    --k-series-4: ${variables.categoricalA4Strong};
    --k-series-5: ${variables.categoricalA5Strong};
    --k-series-6: ${variables.categoricalA6Strong};
    --k-series-7: ${variables.categoricalA7Strong};
    --k-sans: ${variables.sansFontFamily};
    --k-mono: ${variables.monoFontFamily};
  }
`;
