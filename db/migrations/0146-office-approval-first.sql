-- Who decides first on a wish, such as the line manager of the one who asks; after them whoever answers for it.
alter table office.approval add column first_id uuid;
