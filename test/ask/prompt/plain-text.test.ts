import { expect, test, vi } from 'vitest'
import type { ChoosePrompt } from '../../../src/ask/asker.ts'
import { chooseFrame } from '../../../src/ask/prompt/list.ts'
import { lookFor } from '../../../src/ask/prompt/look.ts'
import { cells } from '../../../src/ask/prompt/text.ts'
import { kind } from '../../../src/ask/questions/kind.ts'

test('the first question is measured without a segmenter, which costs more than all else of it', () => {
  const { Segmenter } = Intl
  const made = vi.spyOn(Intl, 'Segmenter').mockImplementation(function () {
    return new Segmenter()
  })
  const ask = { ...kind.prompt, options: kind.choices, first: true } as ChoosePrompt
  const look = lookFor(true, {}, 'linux')
  const { lines } = chooseFrame(ask, { index: 0, input: '' }, look, { columns: 80, rows: 24 })
  expect(lines.join('\n')).toContain('Ctrl-C leave')
  expect(made).not.toHaveBeenCalled()
  cells('世界')
  expect(made).toHaveBeenCalledOnce()
})
