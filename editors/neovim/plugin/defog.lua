if vim.g.loaded_defog then
  return
end
vim.g.loaded_defog = true

vim.api.nvim_create_user_command('Defog', function(arguments)
  require('defog.commands').run(arguments)
end, {
  nargs = 1,
  desc = 'The SQL language server: describe, DDL, refresh, status, restart, log',
  complete = function(lead)
    return require('defog.commands').complete(lead)
  end,
})
