module github.com/db75a6f2/downhill

go 1.24
