/** @jest-environment jsdom */
import '../page-setup.ts';
import { SplunkThemeProvider } from '@splunk/themes';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { ConfirmDialog } from '../../../ui/components/confirm-dialog.tsx';

afterEach(cleanup);

function open(typeName?: string): jest.Mock {
  const onConfirm = jest.fn();
  render(
    <SplunkThemeProvider family="enterprise" colorScheme="light" density="compact">
      <ConfirmDialog
        open
        title="Delete churn?"
        confirm="Delete 11 versions"
        destructive
        {...(typeName !== undefined && { typeName })}
        onConfirm={onConfirm}
        onClose={() => undefined}
      >
        <p>It cannot be undone.</p>
      </ConfirmDialog>
    </SplunkThemeProvider>,
  );
  return onConfirm;
}
const deed = (): HTMLElement => screen.getByText('Delete 11 versions');

test('the deed is done by its own button', () => {
  const onConfirm = open();
  fireEvent.click(deed());
  expect(onConfirm).toHaveBeenCalledTimes(1);
});

test('what is in use is done only after its name was typed', () => {
  const onConfirm = open('churn');
  fireEvent.click(deed());
  fireEvent.change(screen.getByRole('textbox'), { target: { value: 'chur' } });
  fireEvent.keyDown(screen.getByRole('textbox'), { key: 'Enter' });
  expect(onConfirm).not.toHaveBeenCalled();
  fireEvent.change(screen.getByRole('textbox'), { target: { value: 'churn' } });
  fireEvent.click(deed());
  expect(onConfirm).toHaveBeenCalledTimes(1);
});
