import Button from '@splunk/react-ui/Button';
import DotsThreeVertical from '@splunk/react-icons/DotsThreeVertical';
import Menu from '@splunk/react-ui/Menu';
import Popover from '@splunk/react-ui/Popover';
import { Fragment, useState } from 'react';

export interface MenuEntry {
  label: string;
  onSelect?: () => void;
  /** A link instead of a deed. */
  to?: string;
  disabled?: boolean;
  /** A line above this entry. */
  divided?: boolean;
}

export interface OpenMenu {
  anchor: HTMLElement;
  entries: readonly MenuEntry[];
  /** One sentence above the entries: why some are dimmed. */
  note?: string;
}

/** The ⋮ of a row. `open` tells the one shared RowMenu what to show and where. */
export function MenuButton({ label, open }: { label: string; open: (anchor: HTMLElement) => void }) {
  return (
    <Button
      appearance="subtle"
      icon={<DotsThreeVertical />}
      aria-label={label}
      aria-haspopup="menu"
      onClick={(event) => open(event.currentTarget as HTMLElement)}
    />
  );
}

/** The one menu of a table: fifty rows share it. The focus goes back to the ⋮ when it closes. */
export function RowMenu({ menu, onClose }: { menu: OpenMenu | null; onClose: () => void }) {
  const [shown, setShown] = useState<OpenMenu | null>(menu);
  if (menu && menu !== shown) setShown(menu);
  const close = (): void => {
    shown?.anchor.focus();
    onClose();
  };
  return (
    <Popover open={menu !== null} anchor={shown?.anchor ?? null} onRequestClose={close} takeFocus>
      {shown && (
        <>
          {shown.note && <div className="k-menu-note">{shown.note}</div>}
          <Menu>
            {shown.entries.map(({ label, onSelect, to, disabled, divided }) => (
              <Fragment key={label}>
                {divided && <Menu.Divider />}
                <Menu.Item
                  disabled={disabled ? 'dimmed' : false}
                  {...(to !== undefined && !disabled && { to })}
                  onClick={() => {
                    if (disabled) return;
                    close();
                    onSelect?.();
                  }}
                >
                  {label}
                </Menu.Item>
              </Fragment>
            ))}
          </Menu>
        </>
      )}
    </Popover>
  );
}
