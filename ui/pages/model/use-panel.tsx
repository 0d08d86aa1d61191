import Button from '@splunk/react-ui/Button';
import { useEffect, useRef, useState, type ReactElement } from 'react';
import { CopyButton, FailureMessage, MessageLine } from '../../components/index.ts';
import { format, t } from '../../i18n/index.ts';
import { quoted, runOnce, SplunkFailure } from '../../splunkd/index.ts';
import { applySearch, searchInApp } from '../models/links.ts';
import type { ModelRow } from '../models/model-row.ts';
import { BrokenFile, joinParts } from './onnx.ts';
import type { VersionRow } from './version-row.ts';

export interface UsePanelProps {
  readonly model: ModelRow;
  readonly version: VersionRow;
  readonly search: (noun: string, version?: number, options?: Readonly<Record<string, string>>) => string;
}

/** How searches use the model, ready to copy, and its ONNX file for what is not Splunk. */
export function UsePanel({ model, version, search }: UsePanelProps): ReactElement {
  return (
    <div className="k-cards">
      <section className="k-panel k-use">
        <h2>{t('In a search')}</h2>
        <Spl
          title={t('The champion, whichever it is then')}
          spl={applySearch(model.reference)}
          model={model}
        />
        <Spl
          title={t('Always v{version}', { version: version.version })}
          spl={applySearch(model.reference, String(version.version))}
          model={model}
        />
        {version.aliases
          .filter((alias) => alias !== 'champion')
          .map((alias) => (
            <Spl
              key={alias}
              title={t('Whatever {alias} points at', { alias })}
              spl={applySearch(model.reference, alias)}
              model={model}
            />
          ))}
        <Spl title={t('What it is made of')} spl={`| summary ${quoted(model.reference)}`} model={model} />
        {version.features.length > 0 && (
          <p>{t('It reads these fields: {fields}', { fields: version.features.join(', ') })}</p>
        )}
      </section>
      <Onnx key={version.version} version={version} model={model} search={search} />
    </div>
  );
}

function Spl({
  title,
  spl,
  model,
}: {
  readonly title: string;
  readonly spl: string;
  readonly model: ModelRow;
}): ReactElement {
  return (
    <div className="k-use">
      <h3>{title}</h3>
      <pre className="k-code" tabIndex={0} aria-label={title}>
        {spl}
      </pre>
      <div className="k-row">
        <CopyButton text={spl} />
        <Button appearance="secondary" label={t('Open in Search')} to={searchInApp(model, spl)} />
      </div>
    </div>
  );
}

function Onnx({ model, version, search }: UsePanelProps): ReactElement {
  const [state, setState] = useState<'idle' | 'busy' | 'done'>('idle');
  const [error, setError] = useState<Error>();
  const abort = useRef<AbortController>();
  useEffect(() => () => abort.current?.abort(), []);
  const name = `${model.name}-v${version.version}.onnx`;
  const download = (): void => {
    abort.current = new AbortController();
    setState('busy');
    setError(undefined);
    runOnce(search('versions', version.version, { file: 'onnx' }), { signal: abort.current.signal })
      .then(({ rows }) => joinParts(rows))
      .then((bytes) => {
        save(name, bytes);
        setState('done');
      })
      .catch((failure: Error) => {
        setError(failure);
        setState('idle');
      });
  };
  return (
    <section className="k-panel k-use">
      <h2>{t('ONNX file')}</h2>
      {version.onnxBytes === undefined ? (
        <p>
          {t('v{version} has no ONNX file.', { version: version.version })} {version.onnxReason}
        </p>
      ) : (
        <>
          <p>
            {[
              format.bytes(version.onnxBytes),
              version.onnxOpset === undefined ? '' : t('opset {n}', { n: version.onnxOpset }),
              version.onnxTolerance === undefined
                ? ''
                : t('its predictions differ from those of apply by at most {value} (relative)', {
                    value: version.onnxTolerance.toExponential(0),
                  }),
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
          <div className="k-row">
            <Button
              appearance="secondary"
              label={state === 'busy' ? t('Reading the file…') : t('Download {name}', { name })}
              disabled={state === 'busy' ? 'dimmed' : false}
              onClick={() => state !== 'busy' && download()}
            />
            <span role="status">{state === 'done' && t('Saved; its checksum is right.')}</span>
          </div>
        </>
      )}
      {error instanceof SplunkFailure && (
        <FailureMessage error={error} title={t('The ONNX file could not be read.')} onRetry={download} />
      )}
      {error && !(error instanceof SplunkFailure) && (
        <MessageLine
          type="error"
          title={t('The ONNX file did not arrive whole, so nothing was saved.')}
          actions={<Button appearance="secondary" label={t('Try again')} onClick={download} />}
          small={error instanceof BrokenFile ? error.fault : error.message}
        >
          {t(
            'Parts were missing or its checksum was another. Try again; if it comes back, look at the runtime’s log.',
          )}
        </MessageLine>
      )}
    </section>
  );
}

/** Hands bytes to the browser as a file. */
function save(name: string, bytes: Uint8Array): void {
  const url = URL.createObjectURL(new Blob([bytes as BlobPart], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has to begin before the address goes.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
