"""Data for report.mlir: report_data.py FOLDER writes calibration.npz, holdout.npz, and bad.npz with another input."""
import sys

import numpy as np

random = np.random.default_rng(5)
np.savez(f"{sys.argv[1]}/calibration.npz", x=random.normal(size=(64, 8)).astype(np.float32))
np.savez(f"{sys.argv[1]}/holdout.npz", x=random.normal(size=(20, 8)).astype(np.float32))
np.savez(f"{sys.argv[1]}/bad.npz", z=np.zeros((3, 8), np.float32))
np.savez(f"{sys.argv[1]}/nan.npz", x=np.full((3, 8), np.nan, np.float32))
