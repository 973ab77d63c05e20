module leakbed/suite

go 1.26
