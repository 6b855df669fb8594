function(add_postgres_extension)
endfunction()
