import {
  decodeCsv,
  decodeMultivalue,
  decodeTable,
  encodeTable,
} from '../../splunk_app/src/protocol/cells.ts';

describe('tables as CSV', () => {
  it('quotes what needs it, and gives multivalue fields their companion', () => {
    const text = encodeTable({
      fields: ['a', 'b "x"', 'c'],
      rows: [
        ['1', 'x,y', ['p', 'q$r']],
        [null, 'line\nbreak', 's'],
      ],
    }).toString();
    expect(text).toBe('a,"b ""x""",c,__mv_c\n1,"x,y","p\nq$r",$p$;$q$$r$\n,"line\nbreak",s,\n');
  });

  it('brings every table back', () => {
    const table = {
      fields: ['a', 'ü, "quoted"', 'm'],
      rows: [
        ['1', ' blanks ', ['$', '$$;', 'a;b', '\n']],
        [null, '"', null],
        ['x\r\ny', ',', ['only', 'two']],
      ],
    };
    expect(decodeTable(encodeTable(table))).toEqual(table);
  });

  it('writes a lone empty cell so that it is a row', () => {
    const bytes = encodeTable({ fields: ['a'], rows: [[null], ['x']] });
    expect(bytes.toString()).toBe('a\n""\nx\n');
    expect(decodeTable(bytes).rows).toEqual([[null], ['x']]);
  });

  it('writes nothing for a table without fields', () => {
    expect(encodeTable({ fields: [], rows: [] })).toHaveLength(0);
  });

  it('reads CR LF, a byte-order mark, a cell at the very end, and short rows', () => {
    expect(decodeCsv('\uFEFFa,b\r\n1,2\r\n3,')).toEqual([
      ['a', 'b'],
      ['1', '2'],
      ['3', ''],
    ]);
    expect(decodeTable(Buffer.from('a,b\n1\n')).rows).toEqual([['1', null]]);
  });

  it('reads multivalue cells as Splunk writes them', () => {
    expect(decodeMultivalue('$v1$;$v2$')).toEqual(['v1', 'v2']);
    expect(decodeMultivalue('$a$$b$;$$$$')).toEqual(['a$b', '$']);
    expect(decodeMultivalue('$one$')).toEqual(['one']);
  });
});
