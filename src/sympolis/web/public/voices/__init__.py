"""What people say of plans, on the public pages: phases, supports, threads of comments, a page for each comment."""
