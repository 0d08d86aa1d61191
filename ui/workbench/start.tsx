import { createRoot } from 'react-dom/client';
import { chooseLanguage } from './language.ts';
import { Frame } from './frame.tsx';

/** Draws the page, in the language that was chosen or that the browser has. */
export async function start(): Promise<void> {
  await chooseLanguage();
  const root = document.getElementById('workbench');
  if (root) createRoot(root).render(<Frame />);
}
