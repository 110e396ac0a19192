-- People are few among all whom a company deals with: search and the list of people read them alone, not a million customers.
create index party_person on directory.party (tenant_id, name) where kind = 'person';
