if vim.g.loaded_defog then
  return
end
vim.g.loaded_defog = true

vim.api.nvim_create_user_command('Defog', function(arguments)
  require('defog.commands').run(arguments)
end, {
  nargs = '+',
  bang = true,
  desc = 'The SQL language server: tables, describe, DDL, health, refresh, status, restart, log',
  complete = function(lead, line, caret)
    return require('defog.commands').complete(lead, line, caret)
  end,
})

vim.api.nvim_create_autocmd('BufReadCmd', {
  pattern = 'defog:/*',
  desc = 'What creates a table of a database',
  callback = function(event)
    require('defog.documents').read(event.buf, event.match)
  end,
})
