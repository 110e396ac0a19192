-- A candidate whose consent has lapsed is erased: the person's name and address go, the fact that somebody applied stays.
alter table people.candidate add column erased_on date;
