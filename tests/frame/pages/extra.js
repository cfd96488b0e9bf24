window.loads = (window.loads ?? 0) + 1;
