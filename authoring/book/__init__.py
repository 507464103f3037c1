"""What only this course's book needs: the page of results, recordings for interactive figures."""
